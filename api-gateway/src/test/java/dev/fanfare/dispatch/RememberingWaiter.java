package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.shard.Reply.Admission;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A waiter that remembers what it was told. Thread-safe. */
final class RememberingWaiter implements KeyedWaiter {
  private final List<Admission> admissions = new CopyOnWriteArrayList<>();
  private final List<String> uncertainties = new CopyOnWriteArrayList<>();
  private final List<InvocationId> known = new CopyOnWriteArrayList<>();
  private final List<InvocationRecord> ends = new CopyOnWriteArrayList<>();

  @Override
  public void admitted(Admission admission) {
    admissions.add(admission);
  }

  @Override
  public void uncertain(String why) {
    uncertainties.add(why);
  }

  @Override
  public void ended(InvocationRecord invocation) {
    ends.add(invocation);
  }

  @Override
  public void known(InvocationId id) {
    known.add(id);
  }

  @Override
  public void otherBody(InvocationId id) {
    throw new IllegalStateException("another body stands for " + id);
  }

  /** What its key stood for. */
  List<InvocationId> known() {
    return known;
  }

  List<Admission> admissions() {
    return admissions;
  }

  List<String> uncertainties() {
    return uncertainties;
  }

  List<InvocationRecord> ends() {
    return ends;
  }

  InvocationRecord end() {
    return ends.getFirst();
  }
}
