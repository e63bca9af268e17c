package dev.fanfare.session;

import dev.fanfare.blob.Blobs;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.dispatch.WorkerView;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Link;
import dev.fanfare.key.Keys;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.registry.Registry;
import dev.fanfare.shard.Silence;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The gateway's end of all worker sessions, whatever they travel over. Thread-safe; its state
 * belongs to the dispatcher's context.
 *
 * <p>A worker has one session at a time. A second one of the same name is refused while the first
 * was heard from in the last two and a half heartbeats, unless it shows the first one's resume
 * token; otherwise it takes the first one's place.
 *
 * <p>When a link closes, the session's leases go back at once. A worker that comes back with its
 * resume token gets those again that nobody took meanwhile.
 */
public final class SessionServer {
  /** How often each side says that it is alive. */
  public static final int HEARTBEAT_MILLIS = (int) Silence.BETWEEN_SIGNS.toMillis();

  /** A session that was silent for so many heartbeats is lost; so long may Hello take, too. */
  static final double HEARTBEATS_TO_LOSE = 5;

  /** After so many silent heartbeats a session makes place for another of the same worker. */
  static final double HEARTBEATS_TO_REPLACE = 2.5;

  /** The most sessions at a time. */
  static final int MOST_SESSIONS = 10_000;

  private final Dispatcher dispatcher;
  private final Keys keys;
  private final Registry registry;
  private final Blobs blobs;
  private final long resultLimitBytes;
  private final int heartbeatMillis;
  private final LogIntake logs;
  private final ResumeTokens tokens = new ResumeTokens();
  private final Set<ServerSession> sessions = new LinkedHashSet<>();
  private final Map<WorkerId, ServerSession> byWorker = new HashMap<>();
  private long timer;
  private boolean closed;

  /**
   * Serves sessions of a node's workers.
   *
   * @param resultLimitBytes the largest result accepted
   */
  public SessionServer(Dispatcher dispatcher, SchedulerNode node, long resultLimitBytes) {
    this(dispatcher, node, resultLimitBytes, HEARTBEAT_MILLIS);
  }

  SessionServer(
      Dispatcher dispatcher, SchedulerNode node, long resultLimitBytes, int heartbeatMillis) {
    this.dispatcher = dispatcher;
    this.keys = node.keys();
    this.blobs = node.blobs();
    this.resultLimitBytes = resultLimitBytes;
    this.heartbeatMillis = heartbeatMillis;
    this.registry = node.registry();
    this.logs = new LogIntake(dispatcher, node.logs());
    node.registry().onLive(this::announce);
    dispatcher.run(() -> timer = vertx().setPeriodic(heartbeatMillis, beat -> everyHeartbeat()));
  }

  /** Takes a new link, whose other end showed this principal's key; it is to say Hello now. */
  public Link.Listener accept(Link link, Principal principal) {
    var session = new ServerSession(this, link, principal);
    dispatcher.run(
        () -> {
          if (closed || sessions.size() >= MOST_SESSIONS) {
            session.refuse(closed ? "the gateway is stopping" : "too many sessions here", true);
          } else {
            sessions.add(session);
          }
        });
    return session;
  }

  /**
   * Follows what an invocation writes: the tail is told soon, and again whenever more of its lines
   * have been kept, on the dispatcher's context.
   */
  public LogTail follow(InvocationId id, Runnable news) {
    return logs.follow(id, news);
  }

  /**
   * Tells this gateway's workers of a revision just deployed, here or at another node, so that its
   * first call finds it there.
   */
  public void announce(RevisionId revision) {
    var announced = new Frame.Announced(revision);
    dispatcher.run(
        () -> {
          sessions.forEach(session -> session.announce(announced));
          scale();
        });
  }

  /** Tells the worker to finish what runs and take no more. */
  public void drain(WorkerId worker) {
    dispatcher.run(
        () -> {
          ServerSession session = byWorker.get(worker);
          if (session != null) {
            session.drainWorker();
          }
        });
  }

  /**
   * What one of this gateway's workers tells of itself now, in JSON; fails in words when it has no
   * session here, or does not answer in {@value Inspections#LONGEST_MILLIS} ms.
   */
  public Future<String> inspect(WorkerId worker) {
    Promise<String> told = Promise.promise();
    dispatcher.run(
        () -> {
          ServerSession session = byWorker.get(worker);
          if (session == null) {
            told.fail("worker '" + worker + "' has no session here");
          } else {
            session.inspect().onComplete(told);
          }
        });
    return told.future();
  }

  /** Tells the worker to look at its declared state; tells whether it has a session here. */
  public Future<Boolean> checkState(WorkerId worker) {
    Promise<Boolean> told = Promise.promise();
    dispatcher.run(
        () -> {
          ServerSession session = byWorker.get(worker);
          told.complete(session != null && session.checkState());
        });
    return told.future();
  }

  /** Says good-bye to all workers; they may connect again. Their leases go back. */
  public void close() {
    dispatcher.run(
        () -> {
          closed = true;
          vertx().cancelTimer(timer);
          List.copyOf(sessions).forEach(s -> s.refuse("the gateway is stopping", true));
        });
  }

  // ---- for its sessions, on the context ----

  /** Tells each worker its share in the runtimes of functions that say how many there are. */
  void scale() {
    List<Target> scaled = registry.scaled();
    var shares =
        new RuntimeShares(
            scaled,
            scaled.isEmpty()
                ? List.of()
                : dispatcher.workersEverywhere().stream()
                    .filter(worker -> !worker.draining())
                    .map(WorkerView::profile)
                    .toList());
    sessions.forEach(session -> session.scale(shares));
  }

  /**
   * Makes place for the worker's new session, if that may be.
   *
   * @return why not, or empty when there is place now
   */
  Optional<String> takePlace(ServerSession session, WorkerId worker, boolean resuming) {
    ServerSession present = byWorker.get(worker);
    if (present != null && present != session) {
      if (!resuming && present.silentMillis() < HEARTBEATS_TO_REPLACE * heartbeatMillis) {
        return Optional.of(
            "worker '"
                + worker
                + "' is connected already from "
                + present.peer()
                + "; give this one another name or stop the other");
      }
      present.refuse("the worker opened another session", true);
    }
    byWorker.put(worker, session);
    return Optional.empty();
  }

  void gone(ServerSession session, Optional<WorkerId> worker) {
    sessions.remove(session);
    worker.ifPresent(id -> byWorker.remove(id, session));
  }

  /** A worker's own key, in exchange for a join token; off the context, answered on it. */
  void issueCredential(
      Principal principal, WorkerId worker, BiConsumer<Optional<String>, Optional<Throwable>> to) {
    if (principal.scope() != Scope.JOIN) {
      to.accept(Optional.empty(), Optional.empty());
      return;
    }
    blocking(
        () ->
            keys.issue(principal.tenant(), Scope.WORKER, "worker " + worker, Optional.empty())
                .text(),
        text -> to.accept(Optional.of(text), Optional.empty()),
        failure -> to.accept(Optional.empty(), Optional.of(failure)));
  }

  /** Does disk work off the context and answers on it. */
  <T> void blocking(Callable<T> work, Consumer<T> done, Consumer<Throwable> failed) {
    Thread.ofVirtual()
        .name("session-disk")
        .start(
            () -> {
              try {
                T result = work.call();
                dispatcher.run(() -> done.accept(result));
              } catch (Exception e) {
                dispatcher.run(() -> failed.accept(e));
              }
            });
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  Blobs blobs() {
    return blobs;
  }

  /** Runs it, on a thread that must not be blocked, once the lines that have come are kept. */
  public void whenLinesKept(Runnable next) {
    logs.whenKept(next);
  }

  LogIntake logs() {
    return logs;
  }

  ResumeTokens tokens() {
    return tokens;
  }

  int heartbeatMillis() {
    return heartbeatMillis;
  }

  long resultLimitBytes() {
    return resultLimitBytes;
  }

  private void everyHeartbeat() {
    scale();
    var beat = new Frame.Heartbeat(System.currentTimeMillis());
    for (ServerSession session : new ArrayList<>(sessions)) {
      if (session.silentMillis() > HEARTBEATS_TO_LOSE * heartbeatMillis) {
        session.refuse("nothing was heard for " + session.silentMillis() + " ms", true);
      } else {
        session.beat(beat);
      }
    }
  }

  private Vertx vertx() {
    return dispatcher.context().owner();
  }
}
