package dev.fanfare.dispatch;

import dev.fanfare.cluster.Mail;
import dev.fanfare.frame.Link;
import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.WorkerProfile;
import dev.fanfare.shard.Shards;
import dev.fanfare.shard.Silence;
import dev.fanfare.shard.Transition;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * The dispatcher's inside: its parts, the ends of its ticks, and what time brings. Only on the
 * dispatcher's context.
 */
final class Traffic {
  static final long RENEW_MILLIS = Silence.LONGEST.toMillis() * 3 / 10;
  static final long FORGET_MILLIS = 100;
  static final long LOOK_MILLIS = 1_000;

  private final Context context;
  private final Shards shards;
  private final History history;
  private final Elsewhere elsewhere;
  private final Clock clock;
  private final Inbox inbox;
  private final Lane[] lanes;
  private final Room room = new Room();
  private final Waiting waiting;
  private final Recorder recorder;
  private final Accepted accepted;
  private final Leases leases;
  private final Peers peers;
  private final Conversations conversations;
  private final RanIn ranIn = new RanIn();
  private final KnownStates states = new KnownStates();
  private final Effects effects;
  private final Batches batches;
  private final Intake intake;
  private final Ledgers ledgers;
  private final InvocationIds ids;
  private final List<Long> timers = new ArrayList<>();
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
    this.waiting = new Waiting(this, meters);
    this.recorder = new Recorder(this, this.history, meters);
    this.accepted = new Accepted(this, work, node, limits, elsewhere, meters);
    this.leases = new Leases(this, node, room);
    this.peers = new Peers(this, mail);
    this.conversations = new Conversations(this, mail);
    this.effects = new Effects(this, node, room, waiting, recorder, accepted, peers, meters);
    this.batches = new Batches(this, shards, room, accepted, leases, effects, meters);
    this.intake = new Intake(this, waiting, recorder, accepted, meters);
    this.ledgers = new Ledgers(this, this.history, accepted, elsewhere);
    this.ids = new InvocationIds(clock, shards.near());
    this.lanes = new Lane[shards.count()];
    for (int shard = 0; shard < lanes.length; shard++) {
      lanes[shard] = new Lane(shard, this, waiting);
    }
    this.inbox = new Inbox(context, this::tickEnded);
    inbox.post(this::start);
  }

  RanIn ranIn() {
    return ranIn;
  }

  KnownStates states() {
    return states;
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

  Batches batches() {
    return batches;
  }

  Intake intake() {
    return intake;
  }

  Ledgers ledgers() {
    return ledgers;
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

  // ---- the end of a tick ----

  private void tickEnded() {
    accepted.tickEnded();
    batches.tickEnded();
    flushSessions();
    recorder.flush();
    peers.flush();
    conversations.flush();
  }

  private void flushSessions() {
    List<WorkerSession> leaving = touched;
    touched = new ArrayList<>();
    leaving.forEach(WorkerSession::flush);
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
