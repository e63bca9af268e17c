package dev.fanfare.gateway;

import dev.fanfare.key.Principal;
import dev.fanfare.session.SessionServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;

/**
 * {@code GET /v1/session}: a worker's session, as a WebSocket; {@code /v1/session/proving}: the
 * same for a worker that shows no key but proves to know one, through a relay that dialled it.
 */
final class SessionResource {
  private static final String VIA = "Fanfare-Via";
  private static final String CERTIFICATE = "Fanfare-Worker-Certificate";

  private final Platform platform;
  private final SessionServer sessions;

  SessionResource(Platform platform, SessionServer sessions) {
    this.platform = platform;
    this.sessions = sessions;
  }

  void serve(Routes routes) {
    routes.worker("/v1/session", this::open);
    routes.proving("/v1/session/proving", this::prove);
  }

  private void open(Exchange exchange) {
    if (upgrades(exchange)) {
      Principal principal = exchange.principal();
      exchange
          .request()
          .toWebSocket()
          .onSuccess(socket -> accept(exchange.request(), socket, principal));
    }
  }

  private void prove(Exchange exchange) {
    if (upgrades(exchange)) {
      HttpServerRequest request = exchange.request();
      String certificate = request.getHeader(CERTIFICATE);
      request
          .toWebSocket()
          .onSuccess(
              socket ->
                  GatewayProving.over(
                          socket,
                          platform.context(),
                          platform.node().keys(),
                          platform.disk(),
                          () -> certificate == null ? "" : certificate)
                      .onFailure(refused -> socket.close())
                      .onSuccess(principal -> accept(request, socket, principal)));
    }
  }

  private void accept(HttpServerRequest request, ServerWebSocket socket, Principal principal) {
    String path = request.getHeader(VIA);
    String via = path == null ? "" : path.replaceAll("[^A-Za-z0-9._, -]", "?");
    WebSocketLink.open(
        socket,
        platform.context(),
        link ->
            sessions.accept(
                via.isEmpty() ? link : new NamedLink(link, link.peer() + " via " + via),
                principal));
  }

  private static boolean upgrades(Exchange exchange) {
    boolean upgrades = exchange.request().canUpgradeToWebSocket();
    if (!upgrades) {
      exchange.fail(
          Problem.of(
                  426, "upgrade-required", "Upgrade required", "open this resource as a WebSocket")
              .header("Upgrade", "websocket"));
    }
    return upgrades;
  }
}
