package dev.fanfare.dispatch;

import dev.fanfare.protocol.Requirements;
import dev.fanfare.shard.Offer;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.Shards;
import dev.fanfare.shard.Transition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the shards what the lanes gathered, one batch per shard, with offers where there may be
 * work for them; hands on what comes back. Only on the dispatcher's context.
 */
final class Batches {
  /** How long a shard is left alone that did not want what it was offered. */
  static final long REST_MILLIS = 2;

  static final long FIRST_BACKOFF_MILLIS = 100;
  static final long LONGEST_BACKOFF_MILLIS = 2_000;

  /** No version of the room. */
  private static final long NEVER = -1;

  private static final Logger log = LoggerFactory.getLogger(Batches.class);

  private final Traffic traffic;
  private final Shards shards;
  private final Room room;
  private final Accepted accepted;
  private final Leases leases;
  private final Effects effects;
  private final DispatchMeters meters;
  private ArrayDeque<Lane> dirty = new ArrayDeque<>();
  private final ArrayDeque<Lane> round = new ArrayDeque<>();

  Batches(
      Traffic traffic,
      Shards shards,
      Room room,
      Accepted accepted,
      Leases leases,
      Effects effects,
      DispatchMeters meters) {
    this.traffic = traffic;
    this.shards = shards;
    this.room = room;
    this.accepted = accepted;
    this.leases = leases;
    this.effects = effects;
    this.meters = meters;
  }

  /** A lane has something to be sent when the tick ends. */
  void dirty(Lane lane) {
    dirty.add(lane);
    traffic.endTickSoon();
  }

  /** Work of these classes is left over at the lane's shard. */
  void hungry(Lane lane, List<Requirements> classes) {
    lane.hungry = classes;
    if (!classes.isEmpty()) {
      if (!lane.inRound) {
        lane.inRound = true;
        round.addLast(lane);
      }
      traffic.endTickSoon();
    }
  }

  /** Sends what the tick brought, then offers the room that is left. */
  void tickEnded() {
    sendDirty();
    sendOffers();
  }

  private void sendDirty() {
    ArrayDeque<Lane> leaving = dirty;
    dirty = new ArrayDeque<>();
    for (Lane lane : leaving) {
      lane.clean();
      if (lane.ready()) {
        send(lane);
      }
    }
  }

  /** Offers room to the shards that have work left over, in turn. */
  private void sendOffers() {
    for (int i = round.size(); i > 0 && room.any() && accepted.ledgerIsReachable(); i--) {
      Lane lane = round.removeFirst();
      if (lane.hungry.isEmpty()) {
        lane.inRound = false;
        continue;
      }
      round.addLast(lane);
      if (lane.ready() && wantsOffers(lane) && room.mayTakeAny(lane.hungry)) {
        send(lane);
      }
    }
  }

  private boolean wantsOffers(Lane lane) {
    return !lane.hungry.isEmpty() && !lane.resting && lane.barrenAt != room.version();
  }

  private void send(Lane lane) {
    boolean curtailed = room.partlyOut();
    List<Reservation> reserved =
        accepted.ledgerIsReachable()
            ? room.reserve(lane.needs(), wantsOffers(lane) ? lane.hungry : List.of())
            : List.of(); // what would start here may be running where the ledger is
    long version = curtailed ? NEVER : room.version();
    List<Offer> offers = new ArrayList<>(reserved.size());
    long now = System.nanoTime();
    for (Reservation reservation : reserved) {
      if (!reservation.session().attached(lane.shard, now)) {
        lane.add(leases.attaching(reservation.session(), lane));
      }
      offers.add(reservation.offer());
    }
    List<Step> steps = lane.depart();
    meters.batchItems.record(steps.stream().mapToInt(Step::size).sum());
    apply(lane.shard, steps, offers)
        .whenComplete(
            (reply, failure) ->
                traffic.post(() -> landed(lane, steps, reserved, version, reply, failure)));
  }

  private CompletionStage<ShardReply> apply(int shard, List<Step> steps, List<Offer> offers) {
    List<Transition> transitions = new ArrayList<>(steps.size());
    for (Step step : steps) {
      transitions.add(step.transition());
    }
    try {
      return shards.apply(shard, new ShardBatch(transitions, offers));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void landed(
      Lane lane,
      List<Step> steps,
      List<Reservation> reserved,
      long version,
      @Nullable ShardReply reply,
      @Nullable Throwable failure) {
    room.release(reserved);
    if (reply == null) {
      lost(
          lane,
          steps,
          !reserved.isEmpty(),
          failure == null ? new IllegalStateException() : failure);
      return;
    }
    lane.backoff = 0;
    lane.landed();
    for (int i = 0; i < steps.size(); i++) {
      steps.get(i).replied(reply.replies().get(i));
    }
    effects.of(lane, reply);
    boolean wasted = !reserved.isEmpty() && reply.grants().isEmpty();
    if (wasted && !reply.waiting().isEmpty() && reply.unattached().isEmpty()) {
      lane.barrenAt = version;
      rest(lane);
    }
  }

  private void rest(Lane lane) {
    if (!lane.resting) {
      lane.resting = true;
      traffic.later(REST_MILLIS, () -> lane.resting = false);
    }
  }

  private void lost(Lane lane, List<Step> steps, boolean offered, Throwable failure) {
    lane.lost(steps, failure);
    if (offered) {
      leases.reconcile(lane);
    }
    lane.backoff = Math.clamp(lane.backoff * 2, FIRST_BACKOFF_MILLIS, LONGEST_BACKOFF_MILLIS);
    log.warn("shard {} did not answer; next try in {} ms", lane.shard, lane.backoff, failure);
    lane.pause();
    traffic.later(lane.backoff, lane::resume);
  }
}
