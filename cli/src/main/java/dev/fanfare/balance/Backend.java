package dev.fanfare.balance;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway behind a balancer: whether it is ready, and who is connected to it through here. Only
 * on the balancer's context.
 */
final class Backend {
  private static final Logger log = LoggerFactory.getLogger(Backend.class);
  private static final long ANSWER_MILLIS = 2_000;

  /** After so many questions without an answer, connections to it are closed. */
  private static final int SILENT = 3;

  private final URI url;
  private final HttpClient client;
  private final Set<NetSocket> callers = new HashSet<>();
  private boolean ready = true;
  private int unanswered;

  Backend(Vertx vertx, URI url) {
    this.url = url;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) ANSWER_MILLIS)
                .setSsl(encrypted())
                .setTrustAll(true) // its health is no secret; callers check the certificate
                .setVerifyHost(false)
                .setKeepAlive(false));
  }

  String host() {
    return url.getHost();
  }

  int port() {
    return url.getPort() >= 0 ? url.getPort() : encrypted() ? 443 : 80;
  }

  boolean ready() {
    return ready;
  }

  /** How many connections lead to it. */
  int load() {
    return callers.size();
  }

  void connected(NetSocket caller) {
    callers.add(caller);
  }

  void disconnected(NetSocket caller) {
    callers.remove(caller);
  }

  /** It could not be connected to: no more of them until it says it is ready. */
  void unreachable() {
    become(false, "cannot be connected to");
  }

  /** Asks it whether it is ready. */
  Future<Void> look() {
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(host())
                .setPort(port())
                .setURI("/readyz"))
        .compose(request -> request.send())
        .compose(response -> response.body().map(body -> response.statusCode()))
        .timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
        .onSuccess(this::answered)
        .onFailure(failure -> silent(String.valueOf(failure.getMessage())))
        .otherwiseEmpty()
        .mapEmpty();
  }

  private void answered(int status) {
    unanswered = 0;
    become(status == 200, "answers with status " + status);
  }

  private void silent(String why) {
    unanswered++;
    become(false, "does not answer: " + why);
    if (unanswered == SILENT && !callers.isEmpty()) {
      log.warn("{} is silent; its {} connections are closed", url, callers.size());
      List.copyOf(callers).forEach(NetSocket::close);
    }
  }

  private void become(boolean now, String why) {
    if (ready != now) {
      ready = now;
      log.info("{} {}", url, now ? "is ready" : why);
    }
  }

  private boolean encrypted() {
    return "https".equals(url.getScheme());
  }
}
