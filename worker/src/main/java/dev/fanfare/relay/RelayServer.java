package dev.fanfare.relay;

import dev.fanfare.cache.BlobCache;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.WorkerAddress;
import dev.fanfare.worker.Listening;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay: workers dial it as they would a gateway, or it dials those that listen, and for each it
 * opens a connection of that worker's own towards the gateway. It has no key: every worker proves
 * itself to the gateway through it. Belongs to one event loop; its doors may be used from any
 * thread.
 */
public final class RelayServer {
  private static final Logger log = LoggerFactory.getLogger(RelayServer.class);

  /** Where workers that show a key open sessions. */
  private static final String SESSION = "/v1/session";

  /** Where sessions are opened whose worker proves itself. */
  private static final String PROVING = "/v1/session/proving";

  private static final String WORKER = "/v1/worker";
  private static final String VIA = "Fanfare-Via";
  private static final String CERTIFICATE = "Fanfare-Worker-Certificate";
  private static final int MOST_VIA_CHARACTERS = 1_024;
  private static final int MOST_BYTES = 16 << 20;
  private static final int CONNECT_MILLIS = 5_000;
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  /** The most sessions that pass through at a time. */
  private static final int MOST_SESSIONS = 10_000;

  private final Context context;
  private final RelayConfiguration configuration;
  private final RelayBlobs blobs;
  private final Upward upward;
  private final WebSocketClient downward;
  private final Set<RelayedSession> sessions = new LinkedHashSet<>();
  private @Nullable HttpServer server;
  private boolean closed;

  private RelayServer(Context context, RelayConfiguration configuration) throws IOException {
    this.context = context;
    this.configuration = configuration;
    this.blobs =
        new RelayBlobs(
            context,
            new BlobCache(
                configuration.dataDirectory().resolve("blobs"), configuration.cacheBytes()));
    this.upward = new Upward(context.owner(), configuration.upward());
    this.downward =
        context
            .owner()
            .createWebSocketClient(
                new WebSocketClientOptions()
                    .setConnectTimeout(CONNECT_MILLIS)
                    .setMaxFrameSize(MOST_BYTES)
                    .setMaxMessageSize(MOST_BYTES)
                    .setTryUsePerMessageCompression(false)
                    .setTrustAll(true)
                    .setVerifyHost(false));
  }

  /** Listens and dials. Fails in words where that cannot be. */
  public static Future<RelayServer> start(RelayConfiguration configuration, Context context) {
    Promise<RelayServer> promise = Promise.promise();
    context.runOnContext(
        begin -> {
          try {
            var relay = new RelayServer(context, configuration);
            relay.listen().<RelayServer>map(relay).onComplete(promise);
          } catch (IOException e) {
            promise.fail(
                new IOException(
                    "the data folder " + configuration.dataDirectory() + " cannot be used: " + e,
                    e));
          }
        });
    return promise.future();
  }

  /** Where workers dial it. */
  public String address() {
    HttpServer open = server;
    Listening where = configuration.listening();
    return where.url(open == null ? where.port() : open.actualPort());
  }

  /** Ends all sessions in words, on both sides, and listens no more. */
  public Future<Void> close() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        end -> {
          closed = true;
          List.copyOf(sessions)
              .forEach(session -> session.stop("the relay " + configuration.name() + " stops"));
          HttpServer open = server;
          (open == null ? Future.<Void>succeededFuture() : open.close()).onComplete(done);
        });
    return done.future();
  }

  private Future<Void> listen() {
    return configuration
        .listening()
        .server(context.owner(), List.of("fanfare.v1.cbor", "fanfare.v1.json"))
        .requestHandler(this::serve)
        .listen(configuration.listening().port(), configuration.listening().host())
        .recover(failure -> Future.failedFuture(configuration.listening().inWords(failure)))
        .onSuccess(
            open -> {
              server = open;
              configuration.workers().forEach(worker -> dial(worker, FIRST_PAUSE_MILLIS));
            })
        .mapEmpty();
  }

  // ---- workers that dial the relay ----

  private void serve(HttpServerRequest request) {
    String path = String.valueOf(request.path());
    boolean session = path.equals(SESSION) || path.equals(PROVING);
    if (!session || !request.canUpgradeToWebSocket()) {
      request
          .response()
          .setStatusCode(404)
          .end(
              "this is a Fanfare relay: workers dial it, and it dials its gateway by itself"
                  + " (fanfare worker --relay --gateway URL)\n");
      return;
    }
    if (closed || sessions.size() >= MOST_SESSIONS) {
      request.response().setStatusCode(503).end("the relay takes no more sessions now\n");
      return;
    }
    request.pause();
    upward
        .open(path, headers(request), subprotocol(request))
        .onFailure(failure -> refuse(request, failure))
        .onSuccess(
            gateway ->
                request
                    .toWebSocket()
                    .onFailure(failure -> gateway.close())
                    .onSuccess(worker -> passThrough(worker, gateway, List.of())));
  }

  private Map<String, String> headers(HttpServerRequest request) {
    var headers = new HashMap<String, String>();
    headers.put(VIA, via(Optional.ofNullable(request.getHeader(VIA))));
    for (String passed : List.of(HttpHeaders.AUTHORIZATION.toString(), CERTIFICATE)) {
      String value = request.getHeader(passed);
      if (value != null) {
        headers.put(passed, value);
      }
    }
    return headers;
  }

  /** The path so far, nearest to the worker first, and this relay. */
  private String via(Optional<String> before) {
    String path = before.map(nearer -> nearer + ", ").orElse("") + configuration.name();
    return path.substring(Math.max(0, path.length() - MOST_VIA_CHARACTERS));
  }

  private static Optional<String> subprotocol(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader("Sec-WebSocket-Protocol"));
  }

  private void refuse(HttpServerRequest request, Throwable failure) {
    boolean rejected = failure instanceof UpgradeRejectedException;
    int status = failure instanceof UpgradeRejectedException refusal ? refusal.getStatus() : 502;
    String words =
        rejected
            ? "the gateway behind this relay answered with status " + status
            : "the relay "
                + configuration.name()
                + " cannot reach its gateway: "
                + failure.getMessage();
    log.warn("no session for {}: {}", request.remoteAddress(), words);
    request.resume();
    request.response().setStatusCode(status).end(words + "\n");
  }

  private void passThrough(WebSocket worker, WebSocket gateway, List<String> early) {
    passThrough(worker, gateway, early, () -> {});
  }

  private void passThrough(WebSocket worker, WebSocket gateway, List<String> early, Runnable gone) {
    var holder = new ArrayList<RelayedSession>(1);
    var session =
        new RelayedSession(
            worker,
            gateway,
            blobs,
            () -> {
              sessions.removeAll(holder);
              gone.run();
            });
    holder.add(session);
    sessions.add(session);
    session.begin(early);
  }

  // ---- workers that the relay dials ----

  private void dial(WorkerAddress address, long pauseMillis) {
    if (closed) {
      return;
    }
    ClientWebSocket worker = downward.webSocket();
    var early = new ArrayList<String>();
    worker.textMessageHandler(early::add);
    worker
        .connect(
            new WebSocketConnectOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setSsl(address.encrypted())
                .setURI(WORKER))
        .compose(open -> upward.open(PROVING, proving(worker), Optional.empty()))
        .onSuccess(
            gateway ->
                passThrough(worker, gateway, early, () -> dialLater(address, FIRST_PAUSE_MILLIS)))
        .onFailure(
            failure -> {
              worker.close();
              log.info("worker at {}: {}", address, failure.getMessage());
              dialLater(address, pauseMillis);
            });
  }

  private void dialLater(WorkerAddress address, long pauseMillis) {
    long pause = pauseMillis / 2 + ThreadLocalRandom.current().nextLong(pauseMillis / 2 + 1);
    long next = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
    context.owner().setTimer(pause, again -> dial(address, next));
  }

  private Map<String, String> proving(ClientWebSocket worker) {
    var headers = new HashMap<String, String>();
    headers.put(VIA, via(Optional.empty()));
    if (worker.isSsl()) {
      headers.put(CERTIFICATE, certificate(worker));
    }
    return headers;
  }

  private static String certificate(ClientWebSocket worker) {
    try {
      return Sha256.of(worker.peerCertificates().getFirst().getEncoded()).hex();
    } catch (SSLPeerUnverifiedException | CertificateEncodingException e) {
      return "none";
    }
  }
}
