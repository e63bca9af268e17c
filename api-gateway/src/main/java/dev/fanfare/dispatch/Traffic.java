package dev.fanfare.dispatch;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Link;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.WorkerProfile;
import dev.fanfare.shard.Grant;
import dev.fanfare.shard.Offer;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardEffects;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.ShardReply.Revocation;
import dev.fanfare.shard.Shards;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
final class Traffic implements ShardEffects {
  /** How long a session's leases hold at a shard without renewal. */
  static final Duration LEASE = Duration.ofSeconds(10);

  static final long RENEW_MILLIS = 3_000;
  static final long FORGET_MILLIS = 100;
  static final long LOOK_MILLIS = 1_000;

  /** How long a shard is left alone that did not want what it was offered. */
  static final long REST_MILLIS = 2;

  static final long FIRST_BACKOFF_MILLIS = 100;
  static final long LONGEST_BACKOFF_MILLIS = 2_000;

  /** How many records are looked through for leases that nobody was told of. */
  static final int MOST_RECONCILED = 10_000;

  private static final long ATTACHED_NANOS = LEASE.toNanos() / 10 * 8;
  private static final Logger log = LoggerFactory.getLogger(Traffic.class);

  private final Context context;
  private final NodeId node;
  private final Shards shards;
  private final History history;
  private final Clock clock;
  private final DispatchMeters meters;
  private final Inbox inbox;
  private final Lane[] lanes;
  private final Room room = new Room();
  private final Waiting waiting;
  private final Recorder recorder;
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
      Clock clock,
      DispatchMeters meters) {
    this.context = context;
    this.node = node;
    this.shards = shards;
    this.history = history;
    this.clock = clock;
    this.meters = meters;
    this.waiting = new Waiting(this, meters);
    this.recorder = new Recorder(this, history, meters);
    this.ids = new InvocationIds(clock, shards.local());
    this.lanes = new Lane[shards.count()];
    for (int shard = 0; shard < lanes.length; shard++) {
      lanes[shard] = new Lane(shard, this, waiting);
    }
    this.inbox = new Inbox(context, this::tickEnded);
    inbox.post(this::startTimers);
  }

  private void startTimers() {
    every(RENEW_MILLIS, this::renew);
    every(FORGET_MILLIS, this::forget);
    every(LOOK_MILLIS, this::look);
  }

  private void every(long millis, Runnable task) {
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
    if (!lane.takes(submission) || recorder.swamped()) {
      meters.refused.increment();
      waiter.admitted(Reply.Admission.FULL);
      return;
    }
    waiting.expect(submission, waiter);
    lane.submit(submission, waiter);
  }

  WorkerSession open(SessionId id, WorkerProfile profile, Link link) {
    long now = TimeUnit.MILLISECONDS.toMicros(clock.millis());
    var session = new WorkerSession(this, id, profile, link, lanes.length, now);
    room.add(session);
    poll();
    return session;
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

  /** A lane has something to be sent when the tick ends. */
  void dirty(Lane lane) {
    dirty.add(lane);
    inbox.endTickSoon();
  }

  void giveBack(WorkerSession session, List<Held> leases) {
    leases.forEach(lease -> session.held().remove(lease.id(), lease.fence()));
    byLane(leases)
        .forEach(
            (lane, part) ->
                lane.change(session, Asking.untilDone(new Transition.Return(session.id(), part))));
  }

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
    own.forEach(lease -> session.held().put(lease.id(), lease.fence()));
    List<Held> others = wanted.stream().filter(lease -> !own.contains(lease)).toList();
    if (!others.isEmpty()) {
      session.revoke(others, "another worker has it, or it ended");
    }
  }

  /** The session is over: every shard that knows it gives its leases back. */
  void closed(WorkerSession session) {
    room.remove(session);
    for (Lane lane : lanes) {
      if (session.everAttached(lane.shard)) {
        lane.change(session, Asking.untilDone(new Transition.Detach(session.id())));
      }
    }
  }

  private Map<Lane, List<Held>> byLane(List<Held> leases) {
    Map<Lane, List<Held>> parts = new HashMap<>();
    for (Held lease : leases) {
      parts.computeIfAbsent(laneOf(lease.id()), lane -> new ArrayList<>()).add(lease);
    }
    return parts;
  }

  // ---- the end of a tick ----

  private void tickEnded() {
    sendDirty();
    sendOffers();
    flushSessions();
    recorder.flush();
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
    for (int i = round.size(); i > 0 && room.any(); i--) {
      Lane lane = round.removeFirst();
      if (lane.hungry.isEmpty()) {
        lane.inRound = false;
        continue;
      }
      round.addLast(lane);
      if (lane.ready() && wantsOffers(lane) && room.suitsAny(lane.hungry)) {
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
    List<Reservation> reserved =
        room.reserve(lane.needs(), wantsOffers(lane) ? lane.hungry : List.of());
    long version = room.version();
    List<Offer> offers = new ArrayList<>(reserved.size());
    long now = System.nanoTime();
    for (Reservation reservation : reserved) {
      if (!reservation.session().attached(lane.shard, now)) {
        lane.add(attaching(reservation.session(), lane));
      }
      offers.add(reservation.offer());
    }
    List<Step> steps = lane.depart();
    meters.batchItems.record(steps.size() + offers.size());
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

  private Step attaching(WorkerSession session, Lane lane) {
    long until = System.nanoTime() + ATTACHED_NANOS;
    return Asking.once(
        new Transition.Attach(
            session.id(), session.profile(), node, TimeUnit.NANOSECONDS.toMicros(LEASE.toNanos())),
        reply -> session.attachedUntil(lane.shard, until),
        failure -> session.attachedUntil(lane.shard, System.nanoTime()));
  }

  // ---- what comes back ----

  private void landed(
      Lane lane,
      List<Step> steps,
      List<Reservation> reserved,
      long version,
      @Nullable ShardReply reply,
      @Nullable Throwable failure) {
    reserved.forEach(part -> part.session().credits().release(part.offer()));
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
    effects(lane, reply);
    if (!reserved.isEmpty() && reply.grants().isEmpty() && !reply.waiting().isEmpty()) {
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
      reconcile(lane);
    }
    lane.backoff = Math.clamp(lane.backoff * 2, FIRST_BACKOFF_MILLIS, LONGEST_BACKOFF_MILLIS);
    log.warn("shard {} did not answer; next try in {} ms", lane.shard, lane.backoff, failure);
    lane.pause();
    later(lane.backoff, lane::resume);
  }

  /** Leases may have been given that nobody was told of: they go back, or they would run out. */
  private void reconcile(Lane lane) {
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

  private void effects(Lane lane, ShardReply reply) {
    lane.heardAt = System.nanoTime();
    grants(lane, reply.grants());
    revocations(reply.revocations());
    reply.ended().forEach(this::ended);
    for (SessionId stranger : reply.unattached()) {
      WorkerSession session = room.session(stranger);
      if (session != null) {
        session.attachedUntil(lane.shard, System.nanoTime());
      }
    }
    hungry(lane, reply);
  }

  private void grants(Lane lane, List<Grant> grants) {
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

  private void revocations(List<Revocation> revocations) {
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
      }
    }
    grouped.forEach(
        (session, reasons) -> reasons.forEach((why, held) -> session.revoke(held, why)));
  }

  /** An invocation is terminal: whoever waits hears of it, then the ledger. */
  void ended(InvocationRecord invocation) {
    meters.ended(invocation);
    waiting.ended(invocation);
    recorder.ended(invocation);
    inbox.endTickSoon();
  }

  private void hungry(Lane lane, ShardReply reply) {
    lane.hungry = reply.waiting();
    if (!lane.hungry.isEmpty() && !lane.inRound) {
      lane.inRound = true;
      round.addLast(lane);
    }
    if (!reply.unattached().isEmpty()) {
      lane.barrenAt = -1;
      inbox.endTickSoon();
    }
  }

  @Override
  public void ticked(int shard, ShardReply reply) {
    inbox.post(() -> effects(lanes[shard], reply));
  }

  @Override
  public void ready(int shard, ShardReply reply) {
    inbox.post(() -> hungry(lanes[shard], reply));
  }

  // ---- what time brings ----

  /** Sessions stay known wherever they hold leases. */
  private void renew() {
    ids.spreadOver(shards.local());
    Map<Lane, List<WorkerSession>> holders = new HashMap<>();
    for (WorkerSession session : room.sessions()) {
      session.held().keySet().stream()
          .map(this::laneOf)
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

  private void forget() {
    for (Lane lane : lanes) {
      lane.forgetNow();
    }
  }

  /** Behind every hint there is a look: for those who wait, and for work that nobody told of. */
  private void look() {
    waiting.look(System.nanoTime());
    if (room.any()) {
      poll();
    }
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

  Future<Optional<InvocationRecord>> recorded(TenantId tenant, InvocationId id) {
    return context
        .executeBlocking(() -> history.find(tenant, id), false)
        .map(Objects::requireNonNull);
  }

  Recorder recorder() {
    return recorder;
  }

  History history() {
    return history;
  }

  /** Whether nothing is under way or waits. */
  boolean idle() {
    for (Lane lane : lanes) {
      if (!lane.ready() || lane.waits()) {
        return false;
      }
    }
    return recorder.idle();
  }

  void abandonWaits() {
    waiting.abandon("the gateway stopped before the invocation ended");
  }

  void stop() {
    timers.forEach(context.owner()::cancelTimer);
  }
}
