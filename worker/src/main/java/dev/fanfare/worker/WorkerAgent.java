package dev.fanfare.worker;

import dev.fanfare.cache.BlobCache;
import dev.fanfare.cache.Downloads;
import dev.fanfare.cache.Revisions;
import dev.fanfare.cache.Uploads;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.protocol.WorkerProfile;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker: takes leases over its session, runs them in runtimes, reports how they ended. */
public final class WorkerAgent {
  private static final Logger log = LoggerFactory.getLogger(WorkerAgent.class);

  private final WorkerConfiguration configuration;
  private final Context context;
  private final Vertx vertx;
  private final RuntimeSupply supply;
  private final Downloads downloads;
  private final Uploads uploads;
  private final Revisions revisions;
  private final Attempts attempts;
  private final CreditBook credits = new CreditBook();
  private final Reports reports;
  private final Slots slots;
  private final Intake intake;
  private final Sweep sweep;
  private final SelfReport selfReport;
  private final GatewaySession session;
  private final Offering offering;
  private final Foresight foresight;
  private final StateWatch state;
  private final long idleTimer;
  private final List<Promise<Void>> whenIdle = new ArrayList<>();
  private boolean flushing;
  private boolean sweeping;
  private boolean draining;
  private boolean closed;
  private volatile boolean inTouch;

  private WorkerAgent(WorkerConfiguration configuration, Context context, Dialer dialer)
      throws IOException {
    this.configuration = configuration;
    this.context = context;
    this.vertx = context.owner();
    Path folder = configuration.dataDirectory().toAbsolutePath();
    Path blobs = folder.resolve("blobs");
    var cache = new BlobCache(blobs, configuration.cacheBytes());
    this.supply = new RuntimeSupply(configuration, context, folder, blobs, this::allBusy);
    this.downloads = new Downloads(context, cache, this::send);
    this.uploads = new Uploads(context, this::send);
    this.revisions = new Revisions(context, cache, downloads);
    this.attempts = new Attempts(cache);
    this.reports = new Reports(attempts, cache, uploads, this::wake);
    this.slots = new Slots(configuration, cache, supply::start, reports);
    this.intake = new Intake(vertx, attempts, credits, revisions, downloads, slots, reports);
    this.sweep = new Sweep(slots, reports);
    this.selfReport =
        new SelfReport(
            context, configuration, attempts, slots, supply.blanks(), revisions, dialer.way());
    this.session = new GatewaySession(context, dialer, this::hello, new SessionEvents());
    this.offering = new Offering(vertx, session, credits, intake, slots, reports);
    this.foresight = new Foresight(revisions, supply.blanks(), slots.hosts());
    this.state =
        new StateWatch(context, configuration.state(), () -> send(new Frame.Described(profile())));
    this.idleTimer = vertx.setPeriodic(idleLookMillis(configuration), tick -> endIdle());
  }

  /** Idle runtimes are looked for so often that none stays a tenth longer than it may. */
  private static long idleLookMillis(WorkerConfiguration configuration) {
    return Math.clamp(configuration.idleTime().toMillis() / 10, 10, 10_000);
  }

  /**
   * Starts a worker on an event loop of its own; it keeps dialling until it is closed. Doors may be
   * used from any thread.
   *
   * @throws UncheckedIOException if the data directory cannot be written
   */
  public static WorkerAgent start(WorkerConfiguration configuration, Vertx vertx, Dialer dialer) {
    return start(configuration, vertx.getOrCreateContext(), dialer);
  }

  /**
   * Starts a worker on the given event loop, for example the one of a gateway in the same process:
   * then nothing changes threads between them.
   *
   * @throws UncheckedIOException if the data directory cannot be written
   */
  public static WorkerAgent start(
      WorkerConfiguration configuration, Context context, Dialer dialer) {
    try {
      var agent = new WorkerAgent(configuration, context, dialer);
      context.runOnContext(begin -> agent.begin());
      return agent;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Succeeds once the first session is open; fails if the gateway will never have this worker. */
  public Future<Void> connected() {
    return session.firstOpened();
  }

  /** Whether there is a session with a gateway now. */
  public boolean inTouch() {
    return inTouch;
  }

  /** Takes no more, waits for what runs, at most so long; then closes. */
  public Future<Void> drain(Duration atMost) {
    Promise<Void> idle = Promise.promise();
    context.runOnContext(
        begin -> {
          stopTaking();
          whenIdle.add(idle);
          vertx.setTimer(Math.max(1, atMost.toMillis()), late -> idle.tryComplete());
          wake();
        });
    return idle.future().eventually(this::close);
  }

  /** Stops at once: runtimes are killed, their leases given back by the closing link. */
  public Future<Void> close() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        begin -> {
          if (closed) {
            done.complete();
            return;
          }
          closed = true;
          vertx.cancelTimer(idleTimer);
          state.close();
          session.close("the worker stops");
          foresight.stop();
          supply.stop();
          slots.hosts().killAll();
          supply.close().onComplete(done);
        });
    return done.future();
  }

  // ---- beginning ----

  private void begin() {
    supply.open().eventually(state::start).onComplete(opened -> session.dial());
  }

  private boolean allBusy() {
    return slots.free() <= 0;
  }

  private void endIdle() {
    slots.hosts().endIdle(System.nanoTime() - configuration.idleTime().toNanos());
    foresight.keepWarm();
  }

  private WorkerProfile profile() {
    return new WorkerProfile(
        configuration.id(),
        state.in(MachineLabels.of(configuration)),
        configuration.slots(),
        supply.isolation(),
        SelfReport.version());
  }

  private Frame.Hello hello(Optional<String> resume) {
    return new Frame.Hello(Frame.PROTOCOL_VERSION, profile(), resume, held());
  }

  private List<Held> held() {
    var held = new ArrayList<Held>(reports.heldForOutcomes());
    for (TrackedAttempt attempt : attempts.all()) {
      if (attempt.ending != TrackedAttempt.Ending.REVOKED) {
        held.add(attempt.held);
      }
    }
    return held;
  }

  // ---- what the gateway says ----

  private final class SessionEvents implements GatewaySession.Events {
    @Override
    public void opened(Frame.Welcome welcome) {
      inTouch = true;
      slots.hosts().limitResults(welcome.resultLimitBytes());
      credits.clear();
      reports.resend(session::send);
      if (draining) {
        session.send(new Frame.Drain());
      }
      wake();
    }

    @Override
    public void received(Frame frame) {
      switch (frame) {
        case Frame.Leases leases -> intake.take(leases);
        case Frame.Acknowledged acknowledged -> {
          reports.acknowledged(acknowledged.sequence());
          wake();
        }
        case Frame.Channels channels -> channels.events().forEach(WorkerAgent.this::said);
        case Frame.Revoke revoke -> intake.revoke(revoke);
        case Frame.Announced announced -> foresight.prepare(announced.revision());
        case Frame.Scaling scaling -> {
          foresight.scale(scaling);
          wake();
        }
        case Frame.Chunk chunk -> downloads.chunk(chunk);
        case Frame.Missing missing -> {
          if (!downloads.missing(missing.hash())) {
            uploads.refused(missing.hash());
          }
        }
        case Frame.Uploaded uploaded -> uploads.uploaded(uploaded);
        case Frame.Drain drain -> stopTaking();
        case Frame.Check check -> state.look();
        case Frame.Inspect inspect ->
            selfReport
                .tell(draining)
                .onSuccess(text -> session.send(new Frame.Condition(inspect.sequence(), text)));
        case Frame.Unknown ofANewerGateway -> {}
        default -> log.warn("the gateway sent {}, which a worker does not understand", frame);
      }
    }

    @Override
    public void lost() {
      inTouch = false;
      credits.clear();
      reports.sessionLost();
      downloads.interrupted();
      intake.forgetWaiting();
    }

    @Override
    public void beat() {
      session.send(
          new Frame.Status(
              slots.running(),
              slots.hosts().all().size(),
              supply.blanks().count(),
              Math.max(0, ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()),
              revisions.ids()));
    }
  }

  /** The client's side of an invocation's channels; what runs no more hears nothing. */
  private void said(Frame.Events events) {
    TrackedAttempt attempt = attempts.get(new Held(events.id(), events.fence()));
    if (attempt != null && attempt.runtime != null) {
      attempt.runtime.say(events);
    }
  }

  private void stopTaking() {
    if (!draining) {
      draining = true;
      offering.stop();
      foresight.stop();
      session.send(new Frame.Drain());
      intake.giveBackWaiting();
    }
  }

  private void send(Frame frame) {
    session.send(frame);
  }

  // ---- the end of a tick ----

  /** Sees to it that what this tick brought is sent when it ends. */
  private void wake() {
    if (!flushing) {
      flushing = true;
      context.runOnContext(tickEnds -> flush());
    }
  }

  private void flush() {
    flushing = false;
    if (closed) {
      return;
    }
    slots.flush();
    if (session.isOpen()) {
      reports.flush(session::send);
      offering.tell();
    }
    if (!sweeping && !attempts.isEmpty()) {
      sweeping = true;
      vertx.setTimer(Sweep.PERIOD_MILLIS, timer -> sweep());
    }
    if (draining && attempts.isEmpty() && reports.isEmpty()) {
      whenIdle.forEach(Promise::tryComplete);
      whenIdle.clear();
    }
  }

  private void sweep() {
    sweeping = false;
    if (!closed) {
      sweep.run(System.nanoTime());
      wake();
    }
  }
}
