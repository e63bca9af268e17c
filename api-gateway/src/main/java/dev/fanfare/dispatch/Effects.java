package dev.fanfare.dispatch;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.shard.Grant;
import dev.fanfare.shard.ShardEffects;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.ShardReply.Revocation;
import dev.fanfare.shard.Transition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Routes what shards answer: leases and revocations to sessions, ends to who waits and to the
 * ledger, all of these to other gateways where they are theirs. Only on the dispatcher's context,
 * but for what the shards' own ticks say.
 */
final class Effects implements ShardEffects {
  private final Traffic traffic;
  private final NodeId node;
  private final Room room;
  private final Waiting waiting;
  private final Recorder recorder;
  private final Accepted accepted;
  private final Peers peers;
  private final DispatchMeters meters;

  Effects(
      Traffic traffic,
      NodeId node,
      Room room,
      Waiting waiting,
      Recorder recorder,
      Accepted accepted,
      Peers peers,
      DispatchMeters meters) {
    this.traffic = traffic;
    this.node = node;
    this.room = room;
    this.waiting = waiting;
    this.recorder = recorder;
    this.accepted = accepted;
    this.peers = peers;
    this.meters = meters;
  }

  @Override
  public void ticked(int shard, ShardReply reply) {
    traffic.post(() -> of(traffic.lane(shard), reply));
  }

  @Override
  public void ready(int shard, ShardReply reply) {
    traffic.post(() -> hungry(traffic.lane(shard), reply.waiting()));
  }

  @Override
  public void lost() {
    traffic.post(accepted::shardsLost);
  }

  /** Routes a shard's reply. */
  void of(Lane lane, ShardReply reply) {
    lane.heardAt = System.nanoTime();
    granted(lane, reply.grants());
    revoked(reply.revocations());
    accepted.marked(reply.marks());
    reply.ended().forEach(this::ended);
    for (SessionId stranger : reply.unattached()) {
      WorkerSession session = room.session(stranger);
      if (session != null) {
        session.attachedUntil(lane.shard, lane.heardAt);
      }
    }
    hungry(lane, reply.waiting());
  }

  /** An invocation is terminal: whoever waits hears of it, then the ledger, both at its origin. */
  void ended(InvocationRecord invocation) {
    meters.ended(invocation);
    if (!invocation.origin().equals(node) && peers.reach(invocation.origin())) {
      peers.ended(invocation);
    } else {
      endedHere(invocation);
    }
  }

  /**
   * An invocation is terminal, and nobody else sees to it. Of an asynchronous one nobody is told
   * before the ledger has its end: a crash in between would have it run again and end otherwise.
   */
  void endedHere(InvocationRecord invocation) {
    if (isItsOriginsAlone(invocation)) {
      traffic.laneOf(invocation.id()).forget(List.of(invocation.id()));
      return; // its caller, if it is still there, has been told another end, or will be
    }
    if (invocation.async()) {
      accepted.ended(invocation.id());
    } else {
      waiting.ended(invocation);
    }
    recorder.ended(invocation);
    traffic.endTickSoon();
  }

  /**
   * Of one that somebody waits for, another node must not write an end into a ledger that both
   * write to: cut off from each other, the two may know different ends.
   */
  boolean isItsOriginsAlone(InvocationRecord invocation) {
    return !invocation.async() && accepted.ledgerIsShared() && !invocation.origin().equals(node);
  }

  /**
   * Somebody looked at an invocation in its shard. When it has ended there and the node that would
   * record that is gone, this one does.
   */
  void seen(InvocationRecord invocation) {
    if (invocation.state().terminal()
        && !invocation.origin().equals(node)
        && !peers.reach(invocation.origin())) {
      endedHere(invocation);
    }
  }

  /** Leases were taken from sessions, here or elsewhere. */
  void revoked(List<Revocation> revocations) {
    if (revocations.isEmpty()) {
      return;
    }
    Map<WorkerSession, Map<String, List<Held>>> grouped = new HashMap<>();
    for (Revocation revocation : revocations) {
      WorkerSession session = room.session(revocation.session());
      if (session != null) {
        grouped
            .computeIfAbsent(session, s -> new HashMap<>())
            .computeIfAbsent(revocation.reason(), reason -> new ArrayList<>())
            .add(revocation.lease());
      } else if (!revocation.gateway().equals(node)) {
        peers.revoked(revocation);
      }
    }
    grouped.forEach(
        (session, reasons) -> reasons.forEach((why, held) -> session.revoke(held, why)));
  }

  /**
   * These classes of work are left over at a shard; those that no worker here takes, others may.
   */
  private void hungry(Lane lane, List<Requirements> classes) {
    traffic.batches().hungry(lane, classes);
    if (!classes.isEmpty() && !room.suitsAny(classes)) {
      peers.ready(lane.shard, classes);
    }
  }

  private void granted(Lane lane, List<Grant> grants) {
    for (Grant grant : grants) {
      WorkerSession session = room.session(grant.session());
      if (session == null) {
        var lease = new Held(grant.lease().id(), grant.lease().fence());
        lane.addFirst(Asking.untilDone(new Transition.Return(grant.session(), List.of(lease))));
      } else {
        session.granted(grant);
      }
    }
    if (!grants.isEmpty()) {
      meters.started.increment(grants.size());
    }
  }
}
