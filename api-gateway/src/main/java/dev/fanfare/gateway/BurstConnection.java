package dev.fanfare.gateway;

import dev.fanfare.burst.BurstOptions;
import dev.fanfare.burst.Bursts;
import dev.fanfare.burst.Work;
import dev.fanfare.journal.BurstHead;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.Target;
import io.vertx.core.http.HttpServerRequest;

/**
 * {@code GET /v1/burst-session?function=NAME}: a burst of our own client, as a WebSocket whose
 * messages carry many items and many results each.
 */
final class BurstConnection {
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
    Target target = calls.resolveCalled(exchange.principal(), UnknownFunction.parse(function));
    BurstOptions options = BurstRequest.options(request, false);
    Work work = BurstRequest.work(calls, target, calls.options(request), options);
    boolean results = BurstRequest.query(request, "results", true, BurstRequest::flag);
    String known = BurstRequest.parameter(request, "burst");
    if (known == null) {
      BurstRequest.checkRoom(bursts);
    } else {
      checkRunsHere(exchange, known);
    }
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
            socket -> {
              if (known == null) {
                bursts.connect(work, options, socket, platform.context(), results);
              } else {
                bursts.resume(known, socket, platform.context());
              }
            });
  }

  /** Its client is back; it finds the gateway that runs it by asking one after the other. */
  private void checkRunsHere(Exchange exchange, String id) {
    BurstHead head =
        platform
            .node()
            .bursts()
            .find(exchange.tenant(), id)
            .orElseThrow(
                () ->
                    new Refused(
                        Problem.of(404, "no-such-burst", "No such burst", "there is no " + id)));
    if (head.complete()) {
      throw new Refused(
          Problem.of(409, "burst-complete", "Burst complete", "all items of " + id + " are kept"));
    }
    if (!bursts.runs(id)) {
      throw new Refused(
          Problem.of(503, "burst-elsewhere", "Burst elsewhere", "another gateway runs burst " + id)
              .header("Retry-After", "1"));
    }
  }
}
