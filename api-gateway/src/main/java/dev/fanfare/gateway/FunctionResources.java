package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.key.Scope;
import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.registry.FunctionView;
import dev.fanfare.registry.PauseBook;
import dev.fanfare.registry.Registry;
import dev.fanfare.registry.Rollback;
import dev.fanfare.sharing.SharedStatistics;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;

/** {@code /v1/functions}: what is deployed. Deploying itself is {@link DeployResource}. */
final class FunctionResources {
  private static final int RECENT = 10;

  private final Registry registry;
  private final Dispatcher dispatcher;
  private final PauseBook pauses;
  private final UnknownFunction unknown;

  FunctionResources(Platform platform) {
    this.registry = platform.node().registry();
    this.dispatcher = platform.dispatcher();
    this.pauses = platform.node().pauses();
    this.unknown = new UnknownFunction(registry);
  }

  void serve(Routes routes) {
    routes.get("/v1/functions", Scope.VIEWER, this::list);
    routes.get("/v1/functions/:name", Scope.VIEWER, this::describe);
    routes.delete("/v1/functions/:name", Scope.DEPLOYER, this::delete);
    routes.body(HttpMethod.POST, "/v1/functions/:name/rollback", Scope.DEPLOYER, this::rollback);
  }

  private void list(Exchange exchange) {
    ArrayNode functions = JsonText.array();
    for (FunctionView function : registry.functions(exchange.tenant())) {
      functions.add(FunctionJson.summary(function));
    }
    ObjectNode body = JsonText.object();
    body.set("functions", functions);
    exchange.json(200, body);
  }

  private void describe(Exchange exchange) {
    FunctionView function = function(exchange);
    exchange.blocking(
        () -> exchange.platform().node().statistics().read(exchange.tenant(), function.name()),
        found -> withInvocations(exchange, function, found));
  }

  private void withInvocations(
      Exchange exchange, FunctionView function, SharedStatistics.Found found) {
    var recent =
        dispatcher.list(exchange.tenant(), InvocationFilter.newest(function.name(), RECENT));
    var counts = dispatcher.counts();
    exchange.later(
        Future.all(recent, counts),
        both -> {
          long queued = counts.result().queuedByFunction().getOrDefault(function.name(), 0L);
          ObjectNode body = FunctionJson.description(function, found.statistics());
          JsonText.putSilent(body, found.silent());
          ArrayNode list = body.putArray("recent");
          recent.result().forEach(invocation -> list.add(InvocationJson.document(invocation)));
          body.put("queued", queued);
          body.put("paused", pauses.pauses().cover(exchange.tenant(), function.name()));
          dispatcher
              .whyNot(function.spec().policy().requirements())
              .ifPresent(why -> body.put("cannotRun", why));
          exchange.json(200, body);
        });
  }

  private void delete(Exchange exchange) {
    FunctionName name = name(exchange);
    exchange.blocking(
        () -> registry.delete(exchange.tenant(), name),
        deleted -> {
          if (deleted) {
            exchange.nothing();
          } else {
            exchange.fail(unknown.noFunction(exchange.tenant(), name));
          }
        });
  }

  private void rollback(Exchange exchange) {
    FunctionName name = name(exchange);
    exchange.blocking(
        () -> registry.rollback(exchange.tenant(), name),
        (Rollback rollback) -> {
          ObjectNode body = JsonText.object();
          body.put("function", rollback.function().value()).put("alias", "live");
          body.put("from", rollback.from().toString()).put("to", rollback.to().toString());
          exchange.json(200, body);
        });
  }

  private FunctionView function(Exchange exchange) {
    FunctionName name = name(exchange);
    return registry
        .function(exchange.tenant(), name)
        .orElseThrow(() -> new Refused(unknown.noFunction(exchange.tenant(), name)));
  }

  private static FunctionName name(Exchange exchange) {
    return exchange.path("name", FunctionName::new);
  }
}
