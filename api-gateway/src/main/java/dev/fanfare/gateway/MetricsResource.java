package dev.fanfare.gateway;

import dev.fanfare.key.Scope;
import dev.fanfare.metrics.PlatformMetrics;
import io.vertx.core.http.HttpHeaders;

/** {@code GET /metrics}: the platform's figures for Prometheus. */
final class MetricsResource {
  private final Platform platform;
  private final PlatformMetrics metrics;

  MetricsResource(Platform platform, PlatformMetrics metrics) {
    this.platform = platform;
    this.metrics = metrics;
  }

  void serve(Routes routes) {
    routes.get("/metrics", Scope.VIEWER, this::scrape);
  }

  private void scrape(Exchange exchange) {
    exchange.later(
        platform.dispatcher().counts(),
        counts -> {
          long now = CallOptions.micros(platform.clock().instant());
          var workers = platform.dispatcher().workers();
          exchange.blocking(
              () -> metrics.scrape(counts, workers, now),
              text -> {
                exchange
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, PlatformMetrics.contentType());
                exchange.response().end(text);
              });
        });
  }
}
