package dev.fanfare.relay;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Opens connections towards the gateway, to one of several places: the next one where one does not
 * answer. On the relay's context.
 */
final class Upward {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int MOST_BYTES = 16 << 20;

  private final WebSocketClient client;
  private final List<URI> places;
  private int next;

  Upward(Vertx vertx, List<URI> places) {
    this.places = places;
    this.next = ThreadLocalRandom.current().nextInt(places.size());
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setMaxFrameSize(MOST_BYTES)
                .setMaxMessageSize(MOST_BYTES)
                .setTryUsePerMessageCompression(false));
  }

  /** Opens one; fails like the last place where none lets it in. */
  Future<ClientWebSocket> open(
      String path, Map<String, String> headers, Optional<String> subprotocol) {
    return open(path, headers, subprotocol, places.size());
  }

  private Future<ClientWebSocket> open(
      String path, Map<String, String> headers, Optional<String> subprotocol, int tries) {
    URI place = places.get(next);
    ClientWebSocket socket = client.webSocket();
    return socket
        .connect(options(place, path, headers, subprotocol))
        .map(socket)
        .recover(
            failure -> {
              if (failure instanceof UpgradeRejectedException rejected && isFinal(rejected)) {
                return Future.failedFuture(rejected);
              }
              next = (places.indexOf(place) + 1) % places.size();
              return tries > 1
                  ? open(path, headers, subprotocol, tries - 1)
                  : Future.failedFuture(failure);
            });
  }

  /** The key is not better anywhere else. */
  private static boolean isFinal(UpgradeRejectedException rejected) {
    return rejected.getStatus() == 401 || rejected.getStatus() == 403;
  }

  private static WebSocketConnectOptions options(
      URI place, String path, Map<String, String> headers, Optional<String> subprotocol) {
    boolean encrypted = "https".equalsIgnoreCase(place.getScheme());
    String base = place.getPath() == null ? "" : place.getPath().replaceAll("/$", "");
    var options =
        new WebSocketConnectOptions()
            .setHost(place.getHost())
            .setPort(place.getPort() >= 0 ? place.getPort() : encrypted ? 443 : 80)
            .setSsl(encrypted)
            .setURI(base + path);
    headers.forEach(options::addHeader);
    subprotocol.ifPresent(options::addSubProtocol);
    return options;
  }
}
