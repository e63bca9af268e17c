package dev.fanfare.gateway;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Link;
import dev.fanfare.key.Keys;
import dev.fanfare.key.Principal;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.WorkerAddress;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.session.SessionServer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.security.cert.CertificateEncodingException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session with the worker that listens at one address: dials, proves, hands the link over,
 * and dials again when it is lost, until it is closed. Belongs to the sessions' context.
 */
final class Dialling {
  /** How things stand with an address. */
  enum State {
    DIALLING,
    CONNECTED,
    /** The worker has a session with another gateway. */
    ELSEWHERE,
    UNREACHABLE,
    /** The worker or this gateway does not accept the other. */
    REFUSED
  }

  /**
   * An address as it stands now.
   *
   * @param problem in words, empty where there is none
   */
  record View(WorkerAddress address, State state, Optional<WorkerId> worker, String problem) {}

  private static final Logger log = LoggerFactory.getLogger(Dialling.class);
  private static final String PATH = "/v1/worker";
  private static final int MOST_WORDS = 500;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  private final WorkerAddress address;
  private final Context context;
  private final WebSocketClient client;
  private final SessionServer sessions;
  private final Keys keys;
  private final Executor disk;
  private final Promise<View> firstTry = Promise.promise();
  private State state = State.DIALLING;
  private Optional<WorkerId> worker = Optional.empty();
  private String problem = "";
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private @Nullable Link link;
  private boolean closed;

  Dialling(
      WorkerAddress address,
      Context context,
      WebSocketClient client,
      SessionServer sessions,
      Keys keys,
      Executor disk) {
    this.address = address;
    this.context = context;
    this.client = client;
    this.sessions = sessions;
    this.keys = keys;
    this.disk = disk;
  }

  /** How it stands, once it was tried. */
  Future<View> firstTry() {
    return firstTry.future().map(first -> view());
  }

  View view() {
    return new View(address, state, worker, problem);
  }

  void dial() {
    if (closed) {
      return;
    }
    ClientWebSocket socket = client.webSocket();
    var options =
        new WebSocketConnectOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setSsl(address.encrypted())
            .setURI(PATH);
    // The worker speaks as soon as it is connected, so that somebody must listen by then.
    Future<Principal> proven =
        GatewayProving.over(socket, context, keys, disk, () -> certificate(socket));
    socket
        .connect(options)
        .onFailure(failure -> lost(State.UNREACHABLE, inWords(failure)))
        .onSuccess(
            open ->
                proven
                    .onFailure(failure -> notProven(socket, failure))
                    .onSuccess(principal -> proven(socket, principal)));
  }

  /** Something else may listen there, a relay for one, which says so. */
  private static String inWords(Throwable failure) {
    if (!(failure instanceof UpgradeRejectedException rejected)) {
      return "cannot be reached: " + failure.getMessage();
    }
    String status = "no worker listens there, it answered with status " + rejected.getStatus();
    Buffer body = rejected.getBody();
    return body == null || body.length() == 0 || body.length() > MOST_WORDS
        ? status
        : status + ": " + body.toString().strip();
  }

  /** Ends the session, and dials no more; the worker goes on listening. */
  void close(String reason) {
    closed = true;
    if (link != null) {
      link.send(new Frame.Bye(reason, true));
      link.close();
    }
  }

  private void notProven(ClientWebSocket socket, Throwable failure) {
    socket.close();
    boolean busy = failure instanceof ProofRefused refused && refused.busy();
    lost(busy ? State.ELSEWHERE : State.REFUSED, String.valueOf(failure.getMessage()));
  }

  private void proven(ClientWebSocket socket, Principal principal) {
    if (closed) {
      socket.close();
      return;
    }
    WebSocketLink.open(socket, context, to -> new Hearing(sessions.accept(noting(to), principal)));
  }

  private static String certificate(ClientWebSocket socket) {
    try {
      return socket.isSsl()
          ? Sha256.of(socket.peerCertificates().getFirst().getEncoded()).hex()
          : "";
    } catch (SSLPeerUnverifiedException | CertificateEncodingException e) {
      return "none";
    }
  }

  private void connected(WorkerId id) {
    worker = Optional.of(id);
    state = State.CONNECTED;
    problem = "";
    pauseMillis = FIRST_PAUSE_MILLIS;
    firstTry.tryComplete(view());
  }

  private void lost(State now, String why) {
    if (!why.equals(problem) && now != State.ELSEWHERE) {
      log.info("worker at {}: {}", address, why);
    }
    link = null;
    state = now;
    problem = why;
    worker = Optional.empty();
    firstTry.tryComplete(view());
    if (!closed) {
      long longest = now == State.UNREACHABLE ? pauseMillis : LONGEST_PAUSE_MILLIS;
      long pause = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
      pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
      context.owner().setTimer(pause, again -> dial());
    }
  }

  /** The link, keeping the reason for which the gateway ends it. */
  private Link noting(Link to) {
    link = to;
    return new NamedLink(to, address + " (dialled)", this::note);
  }

  private void note(Frame sent) {
    if (sent instanceof Frame.Bye bye) {
      context.runOnContext(said -> problem = bye.reason());
    }
  }

  /** Hears what the session hears. */
  private final class Hearing implements Link.Listener {
    private final Link.Listener session;

    Hearing(Link.Listener session) {
      this.session = session;
    }

    @Override
    public void received(Frame frame) {
      if (frame instanceof Frame.Hello hello) {
        connected(hello.profile().id());
      } else if (frame instanceof Frame.Bye bye) {
        problem = bye.reason();
      }
      session.received(frame);
    }

    @Override
    public void drained() {
      session.drained();
    }

    @Override
    public void closed(String reason) {
      session.closed(reason);
      lost(State.UNREACHABLE, problem.isEmpty() ? reason : problem);
    }
  }
}
