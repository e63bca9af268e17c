package dev.fanfare.shard;

import dev.fanfare.encoding.WireOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a shard holds, for {@link StateReader}. What can be made from the rest is left out.
 */
final class StateWriter {
  private final WireOutput out;
  private final Map<Line, Integer> lines = new HashMap<>();
  private final Map<Session, Integer> sessions = new HashMap<>();

  StateWriter(WireOutput out) {
    this.out = out;
  }

  void write(Holdings holdings) throws IOException {
    out.number(holdings.sequence);
    out.number(holdings.queue.clock);
    out.number(holdings.queue.turns);
    write(holdings.tally);
    holdings.lines.pauses().write(out);
    out.list(holdings.classes.all(), this::write);
    out.number(holdings.lines.sweepAt);
    out.list(holdings.lines.lines(), this::write);
    out.list(holdings.sessions.all(), this::write);
    writeEntries(holdings.live);
    out.list(holdings.lines.shares(), this::write);
    writeRecords(holdings.kept.oldest(false));
    writeRecords(holdings.kept.oldest(true));
  }

  private void write(Tally tally) throws IOException {
    out.number(tally.accepted);
    out.number(tally.succeeded);
    out.number(tally.cancelled);
    out.number(tally.leased);
    out.number(tally.retried);
    out.list(
        tally.failed.entrySet(),
        failed -> {
          out.kind(failed.getKey());
          out.number(failed.getValue());
        });
  }

  private void write(RequirementClass known) throws IOException {
    out.number(known.ordinal);
    out.requirements(known.requirements);
  }

  private void write(Line line) throws IOException {
    lines.put(line, lines.size());
    out.target(line.target);
    out.number(line.group.requirements.ordinal);
  }

  private void write(Session session) throws IOException {
    sessions.put(session, sessions.size());
    out.number(session.sequence);
    out.text(session.id.value());
    out.worker(session.profile);
    out.text(session.gateway.value());
    out.number(session.leaseMicros);
    out.number(session.aliveUntil);
  }

  private void writeEntries(LiveEntries live) throws IOException {
    out.number(live.size());
    for (Entry entry = live.oldest(); entry != null; entry = entry.newer) {
      write(entry);
      write(entry.lease);
    }
  }

  private void write(Entry entry) throws IOException {
    out.id(entry.id());
    out.number(numberOf(entry.line, lines));
    out.text(entry.origin.value());
    out.bool(entry.async);
    out.number(entry.priority);
    out.number(entry.retries);
    out.number(entry.timeoutMicros);
    out.number(entry.expiresAt);
    out.number(entry.deadline);
    out.text(entry.callId);
    out.text(entry.traceparent);
    out.payload(entry.payload);
    out.number(entry.sequence);
    out.number(entry.rank);
    out.number(entry.submittedAt);
    out.kind(entry.state);
    out.number(entry.dueAt);
    out.number(entry.attempts);
    out.number(entry.losses);
    out.bool(entry.adoptable);
    out.bool(entry.alone);
    out.number(entry.fenceFloor);
  }

  private void write(@Nullable Lease lease) throws IOException {
    out.bool(lease != null);
    if (lease == null) {
      return;
    }
    out.number(lease.fence);
    out.number(lease.startedAt);
    out.text(lease.worker.orElseThrow().value());
    out.bool(lease.holder != null);
    if (lease.holder != null) {
      out.number(numberOf(lease.holder, sessions));
    }
  }

  private void write(Share share) throws IOException {
    out.text(share.key.tenant().value());
    out.text(share.key.function().value());
    out.number(share.servedAt);
    out.number(share.turn);
    out.number(share.readySince);
  }

  /** These from the oldest on, each after a mark that it comes. */
  private void writeRecords(@Nullable Kept oldest) throws IOException {
    for (Kept kept = oldest; kept != null; kept = kept.newer) {
      out.bool(true);
      out.record(kept.record);
    }
    out.bool(false);
  }

  private static <T> int numberOf(T item, Map<T, Integer> numbers) {
    Integer number = numbers.get(item);
    if (number == null) {
      throw new IllegalStateException(item + " belongs to the shard but is not in its books");
    }
    return number;
  }
}
