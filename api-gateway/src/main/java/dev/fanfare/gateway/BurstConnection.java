package dev.fanfare.gateway;

import dev.fanfare.burst.BurstOptions;
import dev.fanfare.burst.Bursts;
import dev.fanfare.burst.Work;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.Target;
import io.vertx.core.http.HttpServerRequest;

/**
 * {@code GET /v1/burst-session?function=NAME}: a burst of our own client, as a WebSocket whose
 * messages carry many items and many results each.
 */
final class BurstConnection {
  private static final int TYPE_LIMIT = 255;

  private final Platform platform;
  private final Bursts bursts;
  private final FunctionCalls calls;
  private final Connections connections;

  BurstConnection(Platform platform, Bursts bursts, FunctionCalls calls, Connections connections) {
    this.platform = platform;
    this.bursts = bursts;
    this.calls = calls;
    this.connections = connections;
  }

  void serve(Routes routes) {
    routes.socket("/v1/burst-session", Scope.INVOKER, this::open);
  }

  private void open(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    String function = BurstRequest.parameter(request, "function");
    if (function == null) {
      throw new Refused(Problem.badRequest("the parameter 'function' is missing"));
    }
    Target target = calls.resolve(exchange.principal(), UnknownFunction.parse(function));
    BurstOptions options = BurstRequest.options(request, false);
    Work work = BurstRequest.work(calls, target, CallOptions.read(request, platform.clock()));
    String type =
        BurstRequest.query(request, "type", "application/json", BurstConnection::contentType);
    boolean results = BurstRequest.query(request, "results", true, BurstRequest::flag);
    BurstRequest.checkRoom(bursts);
    if (!request.canUpgradeToWebSocket()) {
      throw new Refused(
          Problem.of(
                  426, "upgrade-required", "Upgrade required", "open this resource as a WebSocket")
              .header("Upgrade", "websocket"));
    }
    connections.patient(request);
    request
        .toWebSocket()
        .onSuccess(
            socket -> bursts.connect(work, options, socket, platform.context(), type, results));
  }

  private static String contentType(String text) {
    if (text.length() > TYPE_LIMIT || !text.matches("[\\x20-\\x7e]+/[\\x20-\\x7e]+")) {
      throw new IllegalArgumentException("that is no media type");
    }
    return text;
  }
}
