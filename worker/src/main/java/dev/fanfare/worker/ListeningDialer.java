package dev.fanfare.worker;

import dev.fanfare.frame.Link;
import dev.fanfare.proof.SharedKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for gateways instead of dialling them: listens, lets one in at a time that proves to know
 * one of the worker's keys, and proves the same. Belongs to the agent's context.
 */
public final class ListeningDialer implements Dialer {
  private static final Logger log = LoggerFactory.getLogger(ListeningDialer.class);
  private static final String PATH = "/v1/worker";

  /** The most connections that may be proving themselves. */
  private static final int MOST_PROVING = 16;

  private static final short TRY_LATER = 1013;

  private final Context context;
  private final CredentialFile credentialFile;
  private final String certificate;
  private final Listening where;
  private final List<SharedKey> keys = new ArrayList<>();
  private @Nullable HttpServer server;
  private @Nullable Waiting waiting;
  private @Nullable ServerWebSocket current;
  private int proving;
  private String lastRefusal = "";

  private record Waiting(Link.Listener listener, Promise<Link> promise) {}

  private ListeningDialer(
      Context context, Listening where, List<SharedKey> keys, CredentialFile credentialFile) {
    this.context = context;
    this.where = where;
    this.credentialFile = credentialFile;
    this.certificate = Listener.fingerprint(where);
    this.keys.addAll(keys);
  }

  /**
   * Listens on behalf of an agent on the same context. Fails in words where that cannot be.
   *
   * @param keys the credential from an earlier time, or a join token, or both; the preferred one
   *     first
   * @param credentialFile where a credential that comes of a join token is kept
   */
  public static Future<ListeningDialer> listen(
      Context context, Listening where, List<String> keys, Path credentialFile) {
    Promise<ListeningDialer> promise = Promise.promise();
    context.runOnContext(
        begin -> {
          var dialer =
              new ListeningDialer(
                  context,
                  where,
                  keys.stream().map(SharedKey::of).toList(),
                  new CredentialFile(credentialFile));
          HttpServer server =
              where.server(context.owner(), List.of()).requestHandler(dialer::serve);
          server
              .listen(where.port(), where.host())
              .recover(failure -> Future.failedFuture(where.inWords(failure)))
              .onSuccess(open -> dialer.server = open)
              .<ListeningDialer>map(dialer)
              .onComplete(promise);
        });
    return promise.future();
  }

  /** The address that gateways dial, as {@code fanfare workers connect} takes it. */
  public String address() {
    HttpServer open = server;
    return where.at(open == null ? where.port() : open.actualPort());
  }

  @Override
  public String way() {
    return "listens";
  }

  @Override
  public Future<Link> dial(Link.Listener listener) {
    var next = new Waiting(listener, Promise.promise());
    waiting = next;
    meet();
    return next.promise.future();
  }

  /** The agent and a gateway may come in any order. */
  private void meet() {
    Waiting agent = waiting;
    ServerWebSocket gateway = current;
    if (agent != null && gateway != null && !gateway.isClosed()) {
      waiting = null;
      agent.promise.complete(
          new WebSocketLink(gateway, agent.listener, String.valueOf(gateway.remoteAddress())));
    }
  }

  private boolean busy() {
    return current != null && !current.isClosed();
  }

  private void serve(HttpServerRequest request) {
    if (!PATH.equals(request.path()) || !request.canUpgradeToWebSocket()) {
      request
          .response()
          .setStatusCode(404)
          .end("a Fanfare worker listens here for its gateway: fanfare workers connect\n");
      return;
    }
    request.toWebSocket().onSuccess(this::admit);
  }

  private void admit(ServerWebSocket socket) {
    if (busy() || proving >= MOST_PROVING) {
      WorkerProving.busy(socket, "this worker has a session with a gateway now");
      return;
    }
    proving++;
    WorkerProving.over(context.owner(), socket, List.copyOf(keys), certificate)
        .onComplete(
            done -> {
              proving--;
              if (done.succeeded()) {
                proven(socket, done.result());
              } else {
                refused(socket, String.valueOf(done.cause().getMessage()));
              }
            });
  }

  private void proven(ServerWebSocket socket, Optional<String> credential) {
    credential.ifPresent(this::adopt);
    if (busy()) {
      socket.close(TRY_LATER, "this worker has a session with another gateway now");
      return;
    }
    current = socket;
    lastRefusal = "";
    meet();
  }

  private void adopt(String credential) {
    keys.clear();
    keys.add(SharedKey.of(credential));
    credentialFile.keep(credential);
  }

  private void refused(ServerWebSocket socket, String reason) {
    if (!reason.equals(lastRefusal)) {
      log.warn("{} wants to be this worker's gateway, but {}", socket.remoteAddress(), reason);
      lastRefusal = reason;
    }
  }
}
