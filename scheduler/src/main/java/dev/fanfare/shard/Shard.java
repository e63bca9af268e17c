package dev.fanfare.shard;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.shard.Reply.Cancellation;
import java.util.ArrayList;
import java.util.List;

/**
 * One slice of the queue: a deterministic state machine without threads, clock or randomness. The
 * same batches at the same times give the same replies, so that a backup that replays them stays
 * equal.
 *
 * <p>Not thread-safe.
 */
public final class Shard {
  /** The most requirement classes that a reply names as waiting. */
  static final int MOST_WAITING = 64;

  private final int number;
  private final ShardLimits limits;
  private final Holdings holdings;
  private final Lifecycle lifecycle;
  private final Intake intake;
  private final Clockwork clockwork;
  private final LeaseBook leases;
  private final Matching matching;
  private final Lookup lookup;

  /** An empty shard of the given number. */
  public Shard(int number, ShardLimits limits) {
    this(number, limits, new Holdings(limits));
  }

  Shard(int number, ShardLimits limits, Holdings holdings) {
    this.number = number;
    this.limits = limits;
    this.holdings = holdings;
    this.lifecycle = new Lifecycle(limits, holdings);
    this.intake = new Intake(limits, holdings, lifecycle);
    this.clockwork = new Clockwork(holdings, lifecycle);
    this.leases = new LeaseBook(holdings, lifecycle, clockwork);
    this.matching = new Matching(holdings, lifecycle, clockwork);
    this.lookup = new Lookup(holdings);
  }

  /** Its number, which is in the ids of its invocations. */
  public int number() {
    return number;
  }

  /** Its bounds. */
  public ShardLimits limits() {
    return limits;
  }

  Holdings holdings() {
    return holdings;
  }

  Lifecycle lifecycle() {
    return lifecycle;
  }

  /**
   * Does what is due, then the batch's transitions in their order, then matches ready work with its
   * offers.
   *
   * @param nowMicros the owner's time, epoch microseconds; may step back, order does not suffer
   */
  public ShardReply apply(ShardBatch batch, long nowMicros) {
    var operation = new Operation(nowMicros, batch.transitions().size());
    holdings.queue.advance(nowMicros);
    clockwork.tick(operation);
    for (Transition transition : batch.transitions()) {
      operation.replied(apply(transition, operation));
    }
    matching.match(batch.offers(), operation);
    return operation.reply(holdings.due.next(), waiting());
  }

  private Reply apply(Transition transition, Operation operation) {
    return switch (transition) {
      case Transition.Submit(List<Submission> submissions) ->
          new Reply.Admissions(intake.submit(submissions, operation));
      case Transition.Settle settle -> leases.settle(settle, operation);
      case Transition.Return given -> leases.giveBack(given, operation);
      case Transition.Attach attach -> attach(attach, operation);
      case Transition.Detach detach -> leases.detach(detach, operation);
      case Transition.Adopt adopt -> leases.adopt(adopt, operation);
      case Transition.Renew(List<SessionId> sessions) -> renew(sessions, operation);
      case Transition.Cancel(List<InvocationId> ids, String reason) ->
          cancel(ids, reason, operation);
      case Transition.Pause(Pauses pauses) -> pause(pauses);
      case Transition.Tick() -> new Reply.Done();
      case Transition.Forget(List<InvocationId> ids) -> forget(ids);
      case Transition.Find(List<InvocationId> ids) -> lookup.find(ids);
      case Transition.Scan(int limit) -> lookup.scan(limit);
      case Transition.Count() -> lookup.count();
    };
  }

  private Reply attach(Transition.Attach attach, Operation operation) {
    holdings.sessions.attach(attach, holdings.nextSequence(), operation.now);
    return new Reply.Done();
  }

  private Reply renew(List<SessionId> sessions, Operation operation) {
    for (SessionId id : sessions) {
      Session session = holdings.sessions.find(id);
      if (session != null) {
        holdings.sessions.renew(session, operation.now);
      }
    }
    return new Reply.Done();
  }

  private Reply pause(Pauses pauses) {
    if (pauses.version() >= holdings.lines.pauses().version()) {
      holdings.pause(pauses);
    }
    return new Reply.Done();
  }

  private Reply cancel(List<InvocationId> ids, String reason, Operation operation) {
    var cancellations = new ArrayList<Cancellation>(ids.size());
    for (InvocationId id : ids) {
      cancellations.add(
          switch (holdings.ids.get(id.high(), id.low())) {
            case Entry entry -> {
              lifecycle.revoke(entry, reason, operation);
              lifecycle.end(entry, new Outcome.Cancelled(reason), Usage.NONE, operation);
              yield Cancellation.CANCELLED;
            }
            case Kept kept -> Cancellation.ENDED;
            case null -> Cancellation.UNKNOWN;
          });
    }
    return new Reply.Cancelled(cancellations);
  }

  private Reply forget(List<InvocationId> ids) {
    for (InvocationId id : ids) {
      if (holdings.ids.get(id.high(), id.low()) instanceof Kept kept) {
        holdings.kept.forget(kept);
      }
    }
    return new Reply.Done();
  }

  /** The requirement classes with something ready that found no room. */
  private List<Requirements> waiting() {
    return holdings.queue.isEmpty()
        ? List.of()
        : holdings.queue.ready(MOST_WAITING).stream().map(ready -> ready.requirements).toList();
  }
}
