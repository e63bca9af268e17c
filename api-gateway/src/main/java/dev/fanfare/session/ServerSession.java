package dev.fanfare.session;

import dev.fanfare.dispatch.WorkerSession;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Link;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One link, from its Hello to its end. May be told things on any one thread; what they do happens
 * on the dispatcher's context, in order.
 */
final class ServerSession implements Link.Listener {
  private static final Logger log = LoggerFactory.getLogger(ServerSession.class);
  private static final Set<Scope> WORKERS = Set.of(Scope.WORKER, Scope.JOIN, Scope.ADMIN);

  private final SessionServer server;
  private final Link link;
  private final Principal principal;
  private long heardAt = System.nanoTime();
  private boolean greeted;
  private boolean over;
  private Frame.Scaling scaling = new Frame.Scaling(List.of(), List.of());
  private final Inspections inspections = new Inspections();
  private @Nullable Open open;

  /** What a session has from its Welcome on. */
  private record Open(
      WorkerSession worker, String token, BlobExchange blobs, OutcomeCheck outcomes) {}

  ServerSession(SessionServer server, Link link, Principal principal) {
    this.server = server;
    this.link = link;
    this.principal = principal;
  }

  @Override
  public void received(Frame frame) {
    server.dispatcher().run(() -> receive(frame));
  }

  @Override
  public void drained() {
    server
        .dispatcher()
        .run(
            () -> {
              if (open != null && !over) {
                open.worker().drained();
                open.blobs().drained();
              }
            });
  }

  @Override
  public void closed(String reason) {
    server.dispatcher().run(() -> end(reason));
  }

  String peer() {
    return link.peer();
  }

  /** How long nothing has come from the other end. */
  long silentMillis() {
    return (System.nanoTime() - heardAt) / 1_000_000;
  }

  void beat(Frame.Heartbeat beat) {
    link.send(beat);
  }

  void drainWorker() {
    if (open != null) {
      open.worker().drain();
      link.send(new Frame.Drain());
    }
  }

  /** Asks the worker how things stand with it. */
  Future<String> inspect() {
    return inspections.ask(server.dispatcher().context(), link);
  }

  /** Whether the worker was told to look at its state. */
  boolean checkState() {
    if (open != null) {
      link.send(new Frame.Check());
    }
    return open != null;
  }

  /** Tells the worker that work of the revision may come. */
  void announce(Frame.Announced revision) {
    if (open != null) {
      link.send(revision);
    }
  }

  /** Tells the worker how many runtimes it is to have, if that is something new. */
  void scale(RuntimeShares shares) {
    if (open != null) {
      Frame.Scaling now = shares.of(open.worker().profile());
      if (!now.equals(scaling)) {
        scaling = now;
        link.send(now);
      }
    }
  }

  /** Ends the session in words. */
  void refuse(String reason, boolean retry) {
    if (!over) {
      link.send(new Frame.Bye(reason, retry));
      link.close();
      end(reason);
    }
  }

  private void receive(Frame frame) {
    if (over) {
      return;
    }
    if (greeted || !(frame instanceof Frame.Heartbeat)) {
      heardAt = System.nanoTime();
    }
    if (frame instanceof Frame.Hello hello) {
      hello(hello);
    } else if (frame instanceof Frame.Bye bye) {
      link.close();
      end("the worker said: " + bye.reason());
    } else if (open != null) {
      receive(open, frame);
    } else if (!(frame instanceof Frame.Heartbeat)) {
      refuse("Hello must come first, not " + frame.getClass().getSimpleName(), false);
    }
  }

  private void receive(Open session, Frame frame) {
    switch (frame) {
      case Frame.Credit credit -> session.worker().credit(credit);
      case Frame.Full full -> session.worker().full(full);
      case Frame.Outcomes outcomes -> session.outcomes().check(outcomes);
      case Frame.Returned returned -> session.worker().returned(returned);
      case Frame.Channels channels -> session.worker().said(channels);
      case Frame.Logs logs -> server.logs().take(session.worker(), logs.lines());
      case Frame.Fetch fetch -> session.blobs().fetch(fetch);
      case Frame.Upload upload -> session.blobs().upload(upload);
      case Frame.Status status -> session.worker().status(status);
      case Frame.Condition condition -> inspections.answered(condition);
      case Frame.Drain drain -> session.worker().drain();
      case Frame.Described described -> described(session, described.profile());
      case Frame.Heartbeat heartbeat -> {}
      case Frame.Hello hello -> refuse("there was a Hello before", false);
      case Frame.Bye bye -> {}
      case Frame.Unknown ofANewerWorker -> {}
      case Frame.Welcome f -> unexpected(f);
      case Frame.Leases f -> unexpected(f);
      case Frame.Acknowledged f -> unexpected(f);
      case Frame.Revoke f -> unexpected(f);
      case Frame.Announced f -> unexpected(f);
      case Frame.Scaling f -> unexpected(f);
      case Frame.Check f -> unexpected(f);
      case Frame.Chunk f -> unexpected(f);
      case Frame.Missing f -> unexpected(f);
      case Frame.Uploaded f -> unexpected(f);
      case Frame.Load f -> unexpected(f);
      case Frame.Loaded f -> unexpected(f);
      case Frame.Inspect f -> unexpected(f);
    }
  }

  private void described(Open session, WorkerProfile profile) {
    WorkerProfile before = session.worker().profile();
    if (!profile.id().equals(before.id()) || profile.slots() != before.slots()) {
      refuse("a worker keeps its id and its slots for as long as its session lives", false);
    } else {
      session.worker().described(profile);
    }
  }

  private void unexpected(Frame frame) {
    refuse("a worker does not send " + frame.getClass().getSimpleName(), false);
  }

  // ---- opening ----

  private void hello(Frame.Hello hello) {
    if (greeted) {
      refuse("there was a Hello before", false);
      return;
    }
    greeted = true;
    if (hello.version() != Frame.PROTOCOL_VERSION) {
      refuse(
          "this gateway speaks version "
              + Frame.PROTOCOL_VERSION
              + " of the session protocol, the worker version "
              + hello.version()
              + "; install the same release on both",
          false);
    } else if (!WORKERS.contains(principal.scope())) {
      refuse(
          "a key of scope "
              + principal.scope().code()
              + " cannot open a worker session; use a join token",
          false);
    } else {
      server.issueCredential(
          principal,
          hello.profile().id(),
          (credential, failure) ->
              failure.ifPresentOrElse(this::cannotJoin, () -> welcome(hello, credential)));
    }
  }

  private void cannotJoin(Throwable failure) {
    log.warn("no credential could be made for {}", link.peer(), failure);
    refuse("no credential could be made: " + failure.getMessage(), true);
  }

  private void welcome(Frame.Hello hello, Optional<String> credential) {
    if (over) {
      return;
    }
    WorkerProfile profile = hello.profile();
    boolean resuming = hello.resume().filter(t -> server.tokens().use(t, profile.id())).isPresent();
    Optional<String> refusal = server.takePlace(this, profile.id(), resuming);
    if (refusal.isPresent()) {
      refuse(refusal.get(), true);
      return;
    }
    WorkerSession worker = server.dispatcher().open(SessionIds.next(), profile, link);
    String token = server.tokens().issue(profile.id());
    open =
        new Open(
            worker,
            token,
            new BlobExchange(server, link, reason -> refuse(reason, false)),
            new OutcomeCheck(server, worker));
    link.send(
        new Frame.Welcome(
            worker.id(), token, credential, server.heartbeatMillis(), server.resultLimitBytes()));
    server.scale();
    takeUp(worker, hello, resuming);
    log.info("worker {} connected from {}", profile.id(), link.peer());
  }

  private void takeUp(WorkerSession worker, Frame.Hello hello, boolean resuming) {
    if (hello.held().isEmpty()) {
      return;
    }
    if (resuming) {
      worker.adopt(hello.held());
    } else {
      link.send(new Frame.Revoke(hello.held(), "the session that leased these is not known here"));
    }
  }

  // ---- closing ----

  private void end(String reason) {
    if (over) {
      return;
    }
    over = true;
    inspections.close(reason);
    Optional<WorkerId> worker = Optional.empty();
    if (open != null) {
      worker = Optional.of(open.worker().profile().id());
      open.worker().close();
      open.blobs().close();
      server.tokens().leave(open.token());
      log.info("worker {} disconnected from {}: {}", worker.get(), link.peer(), reason);
    }
    server.gone(this, worker);
  }
}
