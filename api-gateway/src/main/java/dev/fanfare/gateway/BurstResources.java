package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.burst.BurstJson;
import dev.fanfare.burst.Bursts;
import dev.fanfare.burst.Progress;
import dev.fanfare.key.Scope;
import dev.fanfare.timeline.ChromeTrace;
import dev.fanfare.timeline.Timeline;
import dev.fanfare.timeline.TimelineSvg;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** {@code /v1/bursts}: how far bursts are, their results, their pictures, and their end. */
final class BurstResources {
  private static final String EVENTS = "text/event-stream";

  private final Platform platform;
  private final Bursts bursts;

  BurstResources(Platform platform, Bursts bursts) {
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
        exchange ->
            picture(
                exchange,
                "image/svg+xml; charset=utf-8",
                timeline -> Buffer.buffer(TimelineSvg.draw(timeline))));
    routes.get(
        "/v1/bursts/:id/trace.json",
        Scope.VIEWER,
        exchange ->
            picture(
                exchange,
                "application/json",
                timeline -> Buffer.buffer(ChromeTrace.write(timeline))));
  }

  private void list(Exchange exchange) {
    exchange.later(
        bursts.list(exchange.tenant()),
        all -> {
          ObjectNode json = JsonText.object();
          ArrayNode array = json.putArray("bursts");
          all.forEach(progress -> array.add(BurstJson.document(progress)));
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
            new BurstEvents(platform, bursts, response, exchange.tenant(), progress.id()).start();
          } else {
            exchange.json(200, BurstJson.document(progress));
          }
        });
  }

  private void cancel(Exchange exchange) {
    String id = exchange.path("id");
    exchange.later(
        bursts.cancel(exchange.tenant(), id, "the burst was cancelled"),
        found -> exchange.json(200, BurstJson.document(required(found, id))));
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
          response.putHeader(Names.RESULTS_DROPPED, Long.toString(progress.dropped()));
          response.setChunked(true);
          new BurstResults(platform, bursts, response, exchange.tenant(), progress.id(), follow)
              .start(from);
        });
  }

  private void picture(Exchange exchange, String type, Function<Timeline, Buffer> draw) {
    String id = exchange.path("id");
    exchange.later(
        bursts.timeline(exchange.tenant(), id),
        found -> {
          Timeline timeline = required(found, id);
          exchange.blocking(
              () -> draw.apply(timeline),
              picture -> {
                HttpServerResponse response = exchange.response();
                if (!response.closed()) {
                  response.putHeader(HttpHeaders.CONTENT_TYPE, type);
                  response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
                  response.putHeader(Names.CONTENT_TYPE_OPTIONS, Names.NOSNIFF);
                  response.putHeader("Content-Security-Policy", "default-src 'none'");
                  response.end(picture);
                }
              });
        });
  }

  private void found(Exchange exchange, Consumer<Progress> next) {
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
                    "this gateway has no burst '" + id + "', or has it no more")));
  }
}
