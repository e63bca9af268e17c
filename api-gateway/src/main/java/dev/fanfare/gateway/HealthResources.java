package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.TenantId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code /healthz}: the process is alive. {@code /readyz}: shards and ledger answer and what the
 * ledger holds from before is being taken up, or which does not.
 */
final class HealthResources {
  private static final long PATIENCE_MILLIS = 2_000;

  private final Platform platform;

  HealthResources(Platform platform) {
    this.platform = platform;
  }

  void serve(Routes routes) {
    routes.open(
        "/healthz", exchange -> exchange.json(200, JsonText.object().put("status", "alive")));
    routes.open("/readyz", this::ready);
  }

  private void ready(Exchange exchange) {
    Map<String, Future<?>> checks = new LinkedHashMap<>();
    checks.put(
        "shards", platform.dispatcher().counts().timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    checks.put("ledger", ledger().timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    checks.put("recovery", recovery());
    Future.join(checks.values().stream().toList())
        .onComplete(all -> platform.context().runOnContext(back -> tell(exchange, checks)));
  }

  private Future<?> recovery() {
    return platform
        .dispatcher()
        .recovering()
        .<Future<?>>map(Future::failedFuture)
        .orElseGet(Future::succeededFuture);
  }

  private Future<?> ledger() {
    Promise<Boolean> answered = Promise.promise();
    platform
        .disk()
        .execute(
            () -> {
              try {
                platform.node().history().list(TenantId.DEFAULT, InvocationFilter.newest(1));
                answered.complete(true);
              } catch (RuntimeException e) {
                answered.fail(e);
              }
            });
    return answered.future();
  }

  private static void tell(Exchange exchange, Map<String, Future<?>> checks) {
    boolean ready = checks.values().stream().allMatch(Future::succeeded);
    ObjectNode body = JsonText.object();
    body.put("status", ready ? "ready" : "not ready");
    ArrayNode list = body.putArray("checks");
    checks.forEach(
        (name, check) -> {
          ObjectNode one = list.addObject().put("name", name).put("ready", check.succeeded());
          if (check.failed()) {
            one.put("why", String.valueOf(check.cause().getMessage()));
          }
        });
    exchange.json(ready ? 200 : 503, body);
  }
}
