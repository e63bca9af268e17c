package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.registry.PauseBook;
import dev.fanfare.registry.Registry;
import dev.fanfare.shard.Pauses;
import dev.fanfare.shard.Pauses.PausedFunction;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;

/** {@code /v1/pauses}: functions, or all of a tenant's, that are queued and do not start. */
final class PauseResources {
  private final Registry registry;
  private final PauseBook book;
  private final Dispatcher dispatcher;
  private final UnknownFunction unknown;

  PauseResources(Platform platform) {
    this.registry = platform.node().registry();
    this.book = platform.node().pauses();
    this.dispatcher = platform.dispatcher();
    this.unknown = new UnknownFunction(registry);
  }

  void serve(Routes routes) {
    routes.get("/v1/pauses", Scope.VIEWER, exchange -> answer(exchange, book.pauses()));
    routes.body(
        HttpMethod.PUT,
        "/v1/pauses",
        Scope.OPERATOR,
        exchange -> pause(exchange, Optional.empty()));
    routes.delete("/v1/pauses", Scope.OPERATOR, exchange -> resume(exchange, Optional.empty()));
    routes.body(
        HttpMethod.PUT,
        "/v1/pauses/:function",
        Scope.OPERATOR,
        exchange -> pause(exchange, Optional.of(function(exchange))));
    routes.delete(
        "/v1/pauses/:function",
        Scope.OPERATOR,
        exchange -> resume(exchange, Optional.of(exchange.path("function", FunctionName::new))));
  }

  private void pause(Exchange exchange, Optional<FunctionName> function) {
    change(exchange, () -> book.pause(exchange.tenant(), function));
  }

  private void resume(Exchange exchange, Optional<FunctionName> function) {
    change(exchange, () -> book.resume(exchange.tenant(), function));
  }

  /** Answers once every shard was told. */
  private void change(Exchange exchange, Runnable change) {
    exchange.blocking(
        () -> {
          change.run();
          return book.pauses();
        },
        pauses -> exchange.later(dispatcher.pause(pauses), told -> answer(exchange, pauses)));
  }

  private FunctionName function(Exchange exchange) {
    FunctionName name = exchange.path("function", FunctionName::new);
    if (registry.function(exchange.tenant(), name).isEmpty()) {
      throw new Refused(unknown.noFunction(exchange.tenant(), name));
    }
    return name;
  }

  private static void answer(Exchange exchange, Pauses pauses) {
    ObjectNode body = JsonText.object();
    body.put("tenant", pauses.tenants().contains(exchange.tenant()));
    ArrayNode functions = body.putArray("functions");
    pauses.functions().stream()
        .filter(paused -> paused.tenant().equals(exchange.tenant()))
        .map(PausedFunction::function)
        .sorted()
        .forEach(name -> functions.add(name.value()));
    exchange.json(200, body);
  }
}
