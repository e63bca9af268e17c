package dev.fanfare.gateway;

import dev.fanfare.key.Scope;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.session.SessionServer;
import io.vertx.core.http.HttpHeaders;

/**
 * {@code GET /invocations/{id}/logs}: what an invocation wrote, as NDJSON, and with follow until it
 * ends.
 */
final class LogResource {
  private final Platform platform;
  private final SessionServer sessions;

  LogResource(Platform platform, SessionServer sessions) {
    this.platform = platform;
    this.sessions = sessions;
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
          var stream = new LogStream(platform, exchange.response(), exchange.tenant(), id);
          if (follow) {
            stream.follow(sessions);
          } else {
            stream.start();
          }
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
