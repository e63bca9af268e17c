package dev.fanfare.gateway;

import dev.fanfare.key.Principal;
import dev.fanfare.session.SessionServer;
import io.vertx.core.http.HttpServerRequest;

/** {@code GET /v1/session}: a worker's session, as a WebSocket. */
final class SessionResource {
  private final Platform platform;
  private final SessionServer sessions;

  SessionResource(Platform platform, SessionServer sessions) {
    this.platform = platform;
    this.sessions = sessions;
  }

  void serve(Routes routes) {
    routes.worker("/v1/session", this::open);
  }

  private void open(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    if (!request.canUpgradeToWebSocket()) {
      exchange.fail(
          Problem.of(
                  426, "upgrade-required", "Upgrade required", "open this resource as a WebSocket")
              .header("Upgrade", "websocket"));
      return;
    }
    Principal principal = exchange.principal();
    request
        .toWebSocket()
        .onSuccess(
            socket ->
                WebSocketLink.open(
                    socket, platform.context(), link -> sessions.accept(link, principal)));
  }
}
