package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is on disk: it stays as it is when the node crashes. */
final class SimulatedLedger {
  final Map<InvocationId, Submission> accepted = new LinkedHashMap<>();
  final Map<InvocationId, Mark> marks = new LinkedHashMap<>();
  final Map<InvocationId, InvocationRecord> ends = new LinkedHashMap<>();
  private long epoch;

  /** The node starts. */
  void begin() {
    epoch++;
  }

  void accept(Submission work) {
    if (!ends.containsKey(work.id())) {
      accepted.putIfAbsent(work.id(), work);
    }
  }

  void mark(Mark mark) {
    if (accepted.containsKey(mark.id())) {
      marks.put(mark.id(), mark);
    }
  }

  void end(InvocationRecord end) {
    InvocationRecord before = ends.putIfAbsent(end.id(), end);
    assertThat(before).as("a second end of %s", end.id()).isNull();
    accepted.remove(end.id());
    marks.remove(end.id());
  }

  boolean knows(InvocationId id) {
    return accepted.containsKey(id) || ends.containsKey(id);
  }

  /** What a start puts back. */
  List<Submission> unended(Recovery recovery) {
    return accepted.values().stream()
        .map(work -> again(work, recovery.resume(work, mark(work.id()), epoch)))
        .toList();
  }

  private Optional<Mark> mark(InvocationId id) {
    return Optional.ofNullable(marks.get(id));
  }

  /** What is made of a row; under test with a fault planted, or as it is. */
  interface Recovery {
    Resumption resume(Submission work, Optional<Mark> mark, long epoch);

    /** As ledgers do. */
    static Resumption asItIs(Submission work, Optional<Mark> mark, long epoch) {
      return Resumption.restored(
          work.id().epochMillis() * 1_000,
          mark.map(Mark::attempts).orElse(0),
          mark.map(Mark::losses).orElse(0),
          mark.map(Mark::fence).orElse(0L),
          mark.map(Mark::dueAt).orElse(0L),
          mark.map(Mark::running).orElse(false),
          epoch);
    }
  }

  private static Submission again(Submission work, Resumption resumed) {
    return new Submission(
        work.id(),
        work.target(),
        work.requirements(),
        work.origin(),
        work.async(),
        work.priority(),
        work.retries(),
        work.timeoutMicros(),
        work.notBefore(),
        work.expiresAt(),
        work.deadline(),
        work.callId(),
        work.traceparent(),
        work.payload(),
        resumed);
  }
}
