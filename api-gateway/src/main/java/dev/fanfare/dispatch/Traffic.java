package dev.fanfare.dispatch;

import dev.fanfare.cluster.Mail;
import dev.fanfare.frame.Link;
import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.WorkerProfile;
import dev.fanfare.shard.Offer;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.Shards;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatcher's inside: when a tick ends, sends what the lanes gathered, one batch per shard,
 * with offers where there may be work for them; routes what comes back. Only on the dispatcher's
 * context.
 */
final class Traffic {
  static final long RENEW_MILLIS = 3_000;
  static final long FORGET_MILLIS = 100;
  static final long LOOK_MILLIS = 1_000;

  /** How long a shard is left alone that did not want what it was offered. */
  static final long REST_MILLIS = 2;

  static final long FIRST_BACKOFF_MILLIS = 100;
  static final long LONGEST_BACKOFF_MILLIS = 2_000;

  /** Why nothing is taken in while the ledger, which is on the network, is silent. */
  private static final String NO_LEDGER = "the ledger does not answer";

  /** No version of the room. */
  private static final long NEVER = -1;

  private static final Logger log = LoggerFactory.getLogger(Traffic.class);

  private final Context context;
  private final Shards shards;
  private final History history;
  private final Elsewhere elsewhere;
  private final Clock clock;
  private final DispatchMeters meters;
  private final Inbox inbox;
  private final Lane[] lanes;
  private final Room room = new Room();
  private final Waiting waiting;
  private final Recorder recorder;
  private final Accepted accepted;
  private final Leases leases;
  private final Peers peers;
  private final Conversations conversations;
  private final Effects effects;
  private final InvocationIds ids;
  private final List<Long> timers = new ArrayList<>();
  private ArrayDeque<Lane> dirty = new ArrayDeque<>();
  private final ArrayDeque<Lane> round = new ArrayDeque<>();
  private List<WorkerSession> touched = new ArrayList<>();

  Traffic(
      Context context,
      NodeId node,
      Shards shards,
      History history,
      AcceptedWork work,
      BacklogLimits limits,
      Mail mail,
      Elsewhere elsewhere,
      Clock clock,
      DispatchMeters meters) {
    this.context = context;
    this.shards = shards;
    this.elsewhere = elsewhere;
    this.history = new Copying(history, elsewhere);
    this.clock = clock;
    this.meters = meters;
    this.waiting = new Waiting(this, meters);
    this.recorder = new Recorder(this, this.history, meters);
    this.accepted = new Accepted(this, work, node, limits, elsewhere, meters);
    this.leases = new Leases(this, node, room);
    this.peers = new Peers(this, mail);
    this.conversations = new Conversations(this, mail);
    this.effects = new Effects(this, node, room, waiting, recorder, accepted, peers, meters);
    this.ids = new InvocationIds(clock, shards.near());
    this.lanes = new Lane[shards.count()];
    for (int shard = 0; shard < lanes.length; shard++) {
      lanes[shard] = new Lane(shard, this, waiting);
    }
    this.inbox = new Inbox(context, this::tickEnded);
    inbox.post(this::start);
  }

  private void start() {
    peers.open();
    accepted.start();
    every(RENEW_MILLIS, this::renew);
    every(FORGET_MILLIS, this::forget);
    every(LOOK_MILLIS, this::look);
  }

  /** Repeats a task on the context until the traffic stops. */
  void every(long millis, Runnable task) {
    timers.add(
        context
            .owner()
            .setPeriodic(
                millis,
                timer -> {
                  task.run();
                  inbox.endTickSoon();
                }));
  }

  // ---- what comes in ----

  InvocationIds ids() {
    return ids;
  }

  Room room() {
    return room;
  }

  Waiting waiting() {
    return waiting;
  }

  Lane[] lanes() {
    return lanes;
  }

  Lane lane(int shard) {
    return lanes[shard];
  }

  Leases leases() {
    return leases;
  }

  Effects effects() {
    return effects;
  }

  Peers peers() {
    return peers;
  }

  Conversations conversations() {
    return conversations;
  }

  Lane laneOf(InvocationId id) {
    return lanes[shards.of(id)];
  }

  /** Runs on the context: at once when called there. */
  void run(Runnable task) {
    inbox.run(task);
  }

  /** Runs on the context, later. */
  void post(Runnable task) {
    inbox.post(task);
  }

  /** Runs on the context after so long, at least a millisecond; the timer can be cancelled. */
  long later(long millis, Runnable task) {
    return context
        .owner()
        .setTimer(
            Math.max(1, millis),
            timer -> {
              task.run();
              inbox.endTickSoon();
            });
  }

  void cancel(long timer) {
    context.owner().cancelTimer(timer);
  }

  void submit(Submission submission, Waiter waiter) {
    Lane lane = laneOf(submission.id());
    if (!accepted.ledgerIsReachable()) {
      meters.refused.increment();
      waiter.uncertain(NO_LEDGER);
      return;
    }
    if (recorder.swamped() || !submission.async() && !lane.takes(submission)) {
      meters.refused.increment();
      waiter.admitted(Reply.Admission.FULL);
      return;
    }
    if (submission.async()) {
      accepted.accepting().submit(submission, waiter);
      return;
    }
    waiting.expect(submission, waiter);
    lane.submit(submission, waiter);
  }

  void submitOnce(Submission submission, String key, Sha256 body, KeyedWaiter waiter) {
    if (!accepted.ledgerIsReachable()) {
      meters.refused.increment();
      waiter.uncertain(NO_LEDGER);
    } else if (recorder.swamped()) {
      meters.refused.increment();
      waiter.admitted(Reply.Admission.FULL);
    } else {
      accepted.once().submit(submission, key, body, waiter);
    }
  }

  WorkerSession open(SessionId id, WorkerProfile profile, Link link) {
    long now = TimeUnit.MILLISECONDS.toMicros(clock.millis());
    var session = new WorkerSession(this, id, profile, link, lanes.length, now);
    room.add(session);
    poll();
    tellWorkers();
    return session;
  }

  /** The session is over. */
  void closed(WorkerSession session) {
    room.remove(session);
    conversations.closed(session);
    leases.detach(session);
    tellWorkers();
  }

  /** The other gateways hear which workers are here. */
  void tellWorkers() {
    peers.tell(room.sessions().stream().map(WorkerSession::view).toList());
  }

  /** A session's room grew. */
  void roomGrew() {
    room.grew();
    inbox.endTickSoon();
  }

  /** A session has something to be sent when the tick ends. */
  void touched(WorkerSession session) {
    touched.add(session);
    inbox.endTickSoon();
  }

  void endTickSoon() {
    inbox.endTickSoon();
  }

  /** Work of these classes is left over at the lane's shard. */
  void hungry(Lane lane, List<Requirements> classes) {
    lane.hungry = classes;
    if (!classes.isEmpty()) {
      if (!lane.inRound) {
        lane.inRound = true;
        round.addLast(lane);
      }
      inbox.endTickSoon();
    }
  }

  /** A lane has something to be sent when the tick ends. */
  void dirty(Lane lane) {
    dirty.add(lane);
    inbox.endTickSoon();
  }

  // ---- the end of a tick ----

  private void tickEnded() {
    accepted.tickEnded();
    sendDirty();
    sendOffers();
    flushSessions();
    recorder.flush();
    peers.flush();
    conversations.flush();
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

  private void flushSessions() {
    List<WorkerSession> leaving = touched;
    touched = new ArrayList<>();
    leaving.forEach(WorkerSession::flush);
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
                inbox.post(() -> landed(lane, steps, reserved, version, reply, failure)));
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

  // ---- what comes back ----

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
      later(REST_MILLIS, () -> lane.resting = false);
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
    later(lane.backoff, lane::resume);
  }

  // ---- what time brings ----

  private void renew() {
    ids.spreadOver(shards.near());
    leases.renew();
  }

  private void forget() {
    for (Lane lane : lanes) {
      lane.forgetNow();
    }
  }

  /** Behind every hint there is a look: for those who wait, and for work that nobody told of. */
  private void look() {
    waiting.look(System.nanoTime());
    conversations.look();
    if (room.any()) {
      poll();
    }
    tellWorkers();
  }

  /** Asks the shards that have been silent for a while whether work waits there. */
  private void poll() {
    long now = System.nanoTime();
    for (Lane lane : lanes) {
      if (now - lane.heardAt > TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS) || lane.heardAt == 0) {
        lane.add(Asking.once(new Transition.Tick()));
      }
    }
  }

  /** Looks into the history, off the context, and answers on it. */
  void fromHistory(TenantId tenant, InvocationId id, Consumer<Optional<InvocationRecord>> answer) {
    recorded(tenant, id)
        .onSuccess(
            found -> {
              answer.accept(found);
              inbox.endTickSoon();
            })
        .onFailure(failure -> log.warn("the history could not be read", failure));
  }

  /**
   * The invocation as some node's history has it, or as work that was accepted and has not ended.
   */
  Future<Optional<InvocationRecord>> recorded(TenantId tenant, InvocationId id) {
    return blocking(() -> recordedHere(tenant, id).or(() -> elsewhere.find(tenant, id)));
  }

  /** The same of this node alone. Blocks. */
  Optional<InvocationRecord> recordedHere(TenantId tenant, InvocationId id) {
    return history.find(tenant, id).or(() -> unended(tenant, id));
  }

  private Optional<InvocationRecord> unended(TenantId tenant, InvocationId id) {
    return accepted.find(tenant, id).or(() -> history.find(tenant, id)); // it may just have ended
  }

  /** Runs what blocks, off the context; what follows comes back to it. */
  <T> Future<T> blocking(Callable<T> work) {
    return context.executeBlocking(work, false).map(Objects::requireNonNull);
  }

  long nowMicros() {
    return TimeUnit.MILLISECONDS.toMicros(clock.millis());
  }

  Accepted accepted() {
    return accepted;
  }

  Recorder recorder() {
    return recorder;
  }

  History history() {
    return history;
  }

  Elsewhere elsewhere() {
    return elsewhere;
  }

  /** Whether nothing is under way or waits. */
  boolean idle() {
    for (Lane lane : lanes) {
      if (!lane.ready() || lane.waits()) {
        return false;
      }
    }
    return recorder.idle() && accepted.idle() && peers.idle();
  }

  void abandonWaits() {
    waiting.abandon("the gateway stopped before the invocation ended");
  }

  void stop() {
    inbox.close();
    timers.forEach(context.owner()::cancelTimer);
  }
}
