package dev.fanfare.shard;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.WorkerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fills an empty shard with what {@link StateWriter} wrote. */
final class StateReader {
  private static final FailureCode[] FAILURE_CODES = FailureCode.values();
  private static final InvocationState[] STATES = InvocationState.values();

  private final WireInput in;
  private final Holdings holdings;
  private final Lifecycle lifecycle;
  private final Interner interner = new Interner();
  private final List<Line> lines = new ArrayList<>();
  private final List<Session> sessions = new ArrayList<>();

  StateReader(WireInput in, Holdings holdings, Lifecycle lifecycle) {
    this.in = in;
    this.holdings = holdings;
    this.lifecycle = lifecycle;
  }

  void read() throws IOException {
    holdings.sequence = in.number();
    holdings.queue.clock = in.number();
    holdings.queue.turns = in.number();
    readTally(holdings.tally);
    holdings.pause(Pauses.read(in));
    repeat(this::readClass);
    holdings.lines.sweepAt = in.integer();
    repeat(this::readLine);
    repeat(this::readSession);
    repeat(this::readEntry);
    repeat(this::readShare);
    readRecords();
    readRecords();
  }

  private void readTally(Tally tally) throws IOException {
    tally.accepted = in.number();
    tally.succeeded = in.number();
    tally.cancelled = in.number();
    tally.leased = in.number();
    tally.retried = in.number();
    repeat(() -> tally.failed.put(in.kind(FAILURE_CODES), in.number()));
  }

  private void readClass() throws IOException {
    int ordinal = in.integer();
    holdings.classes.open(ordinal, in.requirements(), List.of());
  }

  private void readLine() throws IOException {
    Target target = in.target();
    lines.add(holdings.lines.add(target, holdings.classes.at(in.integer())));
  }

  private void readSession() throws IOException {
    long sequence = in.number();
    var attach =
        new Transition.Attach(
            new SessionId(in.text()), in.worker(), new NodeId(in.text()), in.number());
    var session = new Session(sequence, attach);
    session.aliveUntil = in.number();
    holdings.sessions.add(session);
    holdings.due.update(session);
    sessions.add(session);
  }

  private void readEntry() throws IOException {
    InvocationId id = in.id();
    Line line = lines.get(in.integer());
    Submission submission = submission(id, line);
    var entry = new Entry(in.number(), in.number(), submission, line, interner, in.number());
    entry.state = in.kind(STATES);
    entry.dueAt = in.number();
    entry.attempts = in.integer();
    entry.losses = in.integer();
    entry.adoptable = in.bool();
    entry.alone = in.bool();
    entry.fenceFloor = in.number();
    if (in.bool()) {
      readLease(entry);
    }
    lifecycle.resume(entry);
  }

  private Submission submission(InvocationId id, Line line) throws IOException {
    Requirements requirements = line.group.requirements.requirements;
    NodeId origin = new NodeId(in.text());
    boolean async = in.bool();
    int priority = in.integer();
    int retries = in.integer();
    long timeoutMicros = in.number();
    long expiresAt = in.number();
    long deadline = in.number();
    return new Submission(
        id,
        line.target,
        requirements,
        origin,
        async,
        priority,
        retries,
        timeoutMicros,
        0,
        expiresAt,
        deadline,
        in.text(),
        in.text(),
        in.payload());
  }

  private void readLease(Entry entry) throws IOException {
    var lease = new Lease(entry, in.number(), in.number(), Optional.of(new WorkerId(in.text())));
    entry.lease = lease;
    if (in.bool()) {
      sessions.get(in.integer()).take(lease);
    }
  }

  private void readShare() throws IOException {
    var key = new Share.Key(new TenantId(in.text()), new FunctionName(in.text()));
    holdings.queue.resume(holdings.lines.share(key), in.number(), in.number(), in.number());
  }

  private void readRecords() throws IOException {
    while (in.bool()) {
      holdings.kept.keep(new Kept(in.record()));
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private void repeat(Step step) throws IOException {
    long times = in.number();
    for (long i = 0; i < times; i++) {
      step.run();
    }
  }
}
