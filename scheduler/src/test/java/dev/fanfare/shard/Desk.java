package dev.fanfare.shard;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import dev.fanfare.shard.Reply.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A shard with a clock, and short words for what is done to it. */
final class Desk {
  static final NodeId NODE = new NodeId("node-1");
  static final long SECOND = 1_000_000;
  static final long START = 1_700_000_000L * SECOND;
  static final long LEASE_MICROS = 1_000_000 * SECOND;

  final Shard shard;
  long now = START;

  /** What the latest operation answered. */
  ShardReply reply =
      new ShardReply(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), 0, List.of());

  Desk() {
    this(ShardLimits.DEFAULT);
  }

  Desk(ShardLimits limits) {
    this(new Shard(7, limits));
  }

  Desk(Shard shard) {
    this.shard = shard;
  }

  static SessionId session(int number) {
    return new SessionId("%026d".formatted(number));
  }

  static WorkerProfile worker(String name, Map<String, String> labels) {
    return new WorkerProfile(
        new WorkerId(name), Labels.of(labels), 4, Set.of(Isolation.PROCESS), "1.0");
  }

  Desk pass(long micros) {
    now += micros;
    return this;
  }

  ShardReply apply(List<Transition> transitions, List<Offer> offers) {
    reply = shard.apply(new ShardBatch(transitions, offers), now);
    return reply;
  }

  Reply apply(Transition transition) {
    return apply(List.of(transition), List.of()).replies().getFirst();
  }

  ShardReply tick() {
    apply(new Transition.Tick());
    return reply;
  }

  SessionId attach(int number) {
    return attach(number, "worker-" + number, Map.of());
  }

  SessionId attach(int number, String worker, Map<String, String> labels) {
    apply(new Transition.Attach(session(number), worker(worker, labels), NODE, LEASE_MICROS));
    return session(number);
  }

  Admission submit(Work work) {
    return submitAll(List.of(work)).getFirst();
  }

  List<Admission> submitAll(List<Work> works) {
    var submit = new Transition.Submit(works.stream().map(Work::submission).toList());
    return ((Reply.Admissions) apply(submit)).admissions();
  }

  List<Grant> offer(SessionId session, int free, Offer.Warm... warm) {
    return apply(List.of(), List.of(new Offer(session, free, List.of(warm)))).grants();
  }

  /** The one lease that this offer of room for one brings. */
  Frame.Lease lease(SessionId session) {
    List<Grant> grants = offer(session, 1);
    if (grants.size() != 1) {
      throw new AssertionError("one grant was expected, not " + grants);
    }
    return grants.getFirst().lease();
  }

  /** The ids that offers of one at a time take, in order. */
  List<InvocationId> drain(SessionId session) {
    var ids = new ArrayList<InvocationId>();
    List<Grant> one = offer(session, 1);
    while (!one.isEmpty()) {
      ids.add(one.getFirst().lease().id());
      now++;
      one = offer(session, 1);
    }
    return ids;
  }

  /** Whether the settlement was taken. */
  boolean settle(SessionId session, Frame.Lease lease, Outcome outcome) {
    var settlement = new Settlement(lease.id(), lease.fence(), outcome, Usage.NONE);
    var settled = (Reply.Settled) apply(new Transition.Settle(session, List.of(settlement)));
    return settled.stale().isEmpty();
  }

  boolean succeed(SessionId session, Frame.Lease lease) {
    return settle(session, lease, new Outcome.Success(Payload.EMPTY));
  }

  boolean fail(SessionId session, Frame.Lease lease, FailureCode code) {
    return settle(session, lease, Outcome.Failure.of(code, "on purpose"));
  }

  void giveBack(SessionId session, Frame.Lease lease) {
    apply(new Transition.Return(session, List.of(held(lease))));
  }

  boolean adopt(SessionId session, Frame.Lease lease) {
    var adopted = (Reply.Adopted) apply(new Transition.Adopt(session, List.of(held(lease))));
    return adopted.held().equals(List.of(held(lease)));
  }

  Reply.Cancellation cancel(InvocationId id) {
    var cancelled = (Reply.Cancelled) apply(new Transition.Cancel(List.of(id), "not needed"));
    return cancelled.cancellations().getFirst();
  }

  /** The record under the id, which must be here. */
  InvocationRecord find(InvocationId id) {
    return ((Reply.Found) apply(new Transition.Find(List.of(id)))).records().getFirst();
  }

  ShardCounts counts() {
    return ((Reply.Counted) apply(new Transition.Count())).counts();
  }

  static Held held(Frame.Lease lease) {
    return new Held(lease.id(), lease.fence());
  }
}
