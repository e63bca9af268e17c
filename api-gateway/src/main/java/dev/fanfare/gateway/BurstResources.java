package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.burst.AllBursts;
import dev.fanfare.burst.AllBursts.Picture;
import dev.fanfare.key.Scope;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code /v1/bursts}: how far bursts are, their results, their pictures, and their end. */
final class BurstResources {
  private static final String EVENTS = "text/event-stream";

  private final Platform platform;
  private final AllBursts bursts;

  BurstResources(Platform platform, AllBursts bursts) {
    this.platform = platform;
    this.bursts = bursts;
  }

  void serve(Routes routes) {
    routes.get("/v1/bursts", Scope.VIEWER, this::list);
    routes.get("/v1/bursts/:id", Scope.VIEWER, this::progress);
    routes.delete("/v1/bursts/:id", Scope.INVOKER, this::cancel);
    routes.get("/v1/bursts/:id/results", Scope.VIEWER, this::results);
    routes.get(
        "/v1/bursts/:id/timeline.svg",
        Scope.VIEWER,
        exchange -> picture(exchange, "image/svg+xml; charset=utf-8", Picture.SVG));
    routes.get(
        "/v1/bursts/:id/trace.json",
        Scope.VIEWER,
        exchange -> picture(exchange, "application/json", Picture.TRACE));
  }

  private void list(Exchange exchange) {
    exchange.later(
        bursts.list(exchange.tenant()),
        all -> {
          ObjectNode json = JsonText.object();
          ArrayNode array = json.putArray("bursts");
          all.forEach(array::add);
          exchange.json(200, json);
        });
  }

  private void progress(Exchange exchange) {
    String accept = exchange.request().getHeader(HttpHeaders.ACCEPT);
    boolean events = accept != null && accept.contains(EVENTS);
    boolean follow = exchange.query("follow", BurstRequest::flag).orElse(events);
    found(
        exchange,
        progress -> {
          if (follow) {
            HttpServerResponse response = exchange.response();
            response.putHeader(HttpHeaders.CONTENT_TYPE, EVENTS);
            response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            response.setChunked(true);
            new BurstEvents(platform, bursts, response, exchange.tenant(), id(progress)).start();
          } else {
            exchange.json(200, progress);
          }
        });
  }

  private void cancel(Exchange exchange) {
    String id = exchange.path("id");
    exchange.later(
        bursts.cancel(exchange.tenant(), id, "the burst was cancelled"),
        found -> exchange.json(200, required(found, id)));
  }

  private void results(Exchange exchange) {
    boolean follow = exchange.query("follow", BurstRequest::flag).orElse(false);
    long from = exchange.query("from", Long::parseUnsignedLong).orElse(0L);
    found(
        exchange,
        progress -> {
          HttpServerResponse response = exchange.response();
          response.putHeader(HttpHeaders.CONTENT_TYPE, Names.NDJSON);
          response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
          response.putHeader(Names.CONTENT_TYPE_OPTIONS, Names.NOSNIFF);
          response.putHeader(
              Names.RESULTS_DROPPED, progress.path("results").path("dropped").asText());
          response.setChunked(true);
          new BurstResults(
                  platform, bursts, exchange.request(), exchange.tenant(), id(progress), follow)
              .start(from);
        });
  }

  private void picture(Exchange exchange, String type, Picture kind) {
    String id = exchange.path("id");
    exchange.later(
        bursts.picture(exchange.tenant(), id, kind),
        found -> {
          Buffer picture = required(found, id);
          HttpServerResponse response = exchange.response();
          if (!response.closed()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, type);
            response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            response.putHeader(Names.CONTENT_TYPE_OPTIONS, Names.NOSNIFF);
            response.putHeader("Content-Security-Policy", "default-src 'none'");
            response.end(picture);
          }
        });
  }

  private void found(Exchange exchange, Consumer<ObjectNode> next) {
    String id = exchange.path("id");
    exchange.later(
        bursts.progress(exchange.tenant(), id), found -> next.accept(required(found, id)));
  }

  private static <T> T required(Optional<T> found, String id) {
    return found.orElseThrow(
        () ->
            new Refused(
                Problem.of(
                    404,
                    "no-such-burst",
                    "No such burst",
                    "there is no burst '" + id + "' here, or no more")));
  }

  private static String id(ObjectNode progress) {
    return progress.path("id").asText();
  }
}
