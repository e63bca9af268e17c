package dev.fanfare.gateway;

import dev.fanfare.key.Scope;
import dev.fanfare.protocol.InvocationId;
import io.vertx.core.http.HttpHeaders;

/**
 * {@code GET /invocations/{id}/logs}: what an invocation wrote, as NDJSON, and with follow until it
 * ends.
 */
final class LogResource {
  private final Platform platform;

  LogResource(Platform platform) {
    this.platform = platform;
  }

  void serve(Routes routes) {
    routes.get("/invocations/:id/logs", Scope.VIEWER, this::read);
  }

  private void read(Exchange exchange) {
    InvocationId id = InvocationResources.id(exchange);
    boolean follow = exchange.query("follow", LogResource::flag).orElse(false);
    exchange.later(
        platform.dispatcher().find(exchange.tenant(), id),
        found -> {
          if (found.isEmpty()) {
            throw new Refused(Problem.noInvocation(id.toString()));
          }
          exchange.response().putHeader(HttpHeaders.CONTENT_TYPE, Names.NDJSON);
          exchange.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
          exchange.response().putHeader(Names.CONTENT_TYPE_OPTIONS, Names.NOSNIFF);
          exchange.response().setChunked(true);
          new LogStream(platform, exchange.response(), exchange.tenant(), id, follow).start();
        });
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new IllegalArgumentException("write true or false, not '" + text + "'");
    };
  }
}
