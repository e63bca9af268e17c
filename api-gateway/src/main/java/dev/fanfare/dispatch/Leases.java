package dev.fanfare.dispatch;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Silence;
import dev.fanfare.shard.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the shards are told of sessions and the leases they hold: that a session is there, is still
 * there, is gone, gives leases back, still runs some. Only on the dispatcher's context.
 */
final class Leases {
  /** How long a session's leases hold at a shard without renewal. */
  static final Duration LEASE = Silence.LONGEST;

  /** How many records are looked through for leases that nobody was told of. */
  static final int MOST_RECONCILED = 10_000;

  /** A session counts as known for a little less, so that no offer comes too late. */
  private static final long ATTACHED_NANOS = LEASE.toNanos() / 10 * 8;

  private final Traffic traffic;
  private final NodeId node;
  private final Room room;

  Leases(Traffic traffic, NodeId node, Room room) {
    this.traffic = traffic;
    this.node = node;
    this.room = room;
  }

  /** Makes the session known to a shard. */
  Step attaching(WorkerSession session, Lane lane) {
    session.introduced(lane.shard);
    long until = System.nanoTime() + ATTACHED_NANOS;
    long micros = TimeUnit.NANOSECONDS.toMicros(LEASE.toNanos());
    return Asking.once(
        new Transition.Attach(session.id(), session.profile(), node, micros),
        reply -> session.attachedUntil(lane.shard, until),
        failure -> {});
  }

  /** The session gives leases back that it did not start. */
  void giveBack(WorkerSession session, List<Held> leases) {
    leases.forEach(lease -> session.held().remove(lease.id(), lease.fence()));
    byLane(leases)
        .forEach(
            (lane, part) ->
                lane.change(session, Asking.untilDone(new Transition.Return(session.id(), part))));
  }

  /** The session still runs these, which an earlier session of its worker leased. */
  void adopt(WorkerSession session, List<Held> leases) {
    byLane(leases)
        .forEach(
            (lane, part) -> {
              lane.change(session, attaching(session, lane));
              lane.change(
                  session,
                  Asking.untilDone(
                      new Transition.Adopt(session.id(), part),
                      reply -> adopted(session, part, ((Reply.Adopted) reply).held())));
            });
  }

  private static void adopted(WorkerSession session, List<Held> wanted, List<Held> own) {
    own.forEach(lease -> session.held().adopt(lease));
    List<Held> others = wanted.stream().filter(lease -> !own.contains(lease)).toList();
    if (!others.isEmpty()) {
      session.revoke(others, "another worker has it, or it ended");
    }
  }

  /** The session is over: every shard that knows it gives its leases back. */
  void detach(WorkerSession session) {
    for (Lane lane : traffic.lanes()) {
      if (session.wasIntroduced(lane.shard)) {
        lane.change(session, Asking.untilDone(new Transition.Detach(session.id())));
      }
    }
  }

  /** Sessions stay known wherever they hold leases. To be called well within {@link #LEASE}. */
  void renew() {
    Map<Lane, List<WorkerSession>> holders = new HashMap<>();
    for (WorkerSession session : room.sessions()) {
      session.held().ids().stream()
          .map(traffic::laneOf)
          .distinct()
          .forEach(lane -> holders.computeIfAbsent(lane, l -> new ArrayList<>()).add(session));
    }
    holders.forEach(this::renew);
  }

  private void renew(Lane lane, List<WorkerSession> sessions) {
    long until = System.nanoTime() + ATTACHED_NANOS;
    lane.add(
        Asking.once(
            new Transition.Renew(sessions.stream().map(WorkerSession::id).toList()),
            reply -> sessions.forEach(session -> session.attachedUntil(lane.shard, until)),
            failure -> {}));
  }

  /** Leases may have been given that nobody was told of: they go back, or they would run out. */
  void reconcile(Lane lane) {
    lane.add(
        Asking.once(
            new Transition.Scan(MOST_RECONCILED),
            reply ->
                ((Reply.Found) reply)
                    .records().stream()
                        .filter(invocation -> invocation.state() == InvocationState.RUNNING)
                        .forEach(this::giveBackUntold),
            failure -> {}));
  }

  private void giveBackUntold(InvocationRecord running) {
    for (WorkerSession session : room.sessions()) {
      if (running.worker().filter(session.profile().id()::equals).isPresent()
          && !session.holds(running.id(), running.fence())) {
        giveBack(session, List.of(new Held(running.id(), running.fence())));
      }
    }
  }

  private Map<Lane, List<Held>> byLane(List<Held> leases) {
    Map<Lane, List<Held>> parts = new HashMap<>();
    for (Held lease : leases) {
      parts.computeIfAbsent(traffic.laneOf(lease.id()), lane -> new ArrayList<>()).add(lease);
    }
    return parts;
  }
}
