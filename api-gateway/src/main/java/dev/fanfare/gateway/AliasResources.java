package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.registry.FunctionView;
import dev.fanfare.registry.Registry;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;

/** {@code /v1/aliases}: movable names of revisions. */
final class AliasResources {
  private final Registry registry;
  private final UnknownFunction unknown;

  AliasResources(Platform platform) {
    this.registry = platform.node().registry();
    this.unknown = new UnknownFunction(registry);
  }

  void serve(Routes routes) {
    routes.get("/v1/aliases", Scope.VIEWER, this::list);
    routes.body(HttpMethod.PUT, "/v1/aliases/:function/:alias", Scope.DEPLOYER, this::point);
    routes.delete("/v1/aliases/:function/:alias", Scope.DEPLOYER, this::remove);
  }

  private void list(Exchange exchange) {
    Optional<FunctionName> only = exchange.query("function", FunctionName::new);
    List<FunctionView> functions =
        only.isPresent()
            ? List.of(function(exchange, only.get()))
            : registry.functions(exchange.tenant());
    ObjectNode body = JsonText.object();
    ArrayNode aliases = body.putArray("aliases");
    for (FunctionView function : functions) {
      function
          .aliases()
          .forEach((alias, revision) -> aliases.add(json(function.name(), alias, revision)));
    }
    exchange.json(200, body);
  }

  private void point(Exchange exchange) {
    FunctionName name = exchange.path("function", FunctionName::new);
    String alias = exchange.path("alias", FunctionReference::checkAlias);
    exchange.document(
        document -> {
          RevisionId revision = revision(exchange, name, document);
          exchange.blocking(
              () -> {
                registry.alias(exchange.tenant(), name, alias, revision);
                return revision;
              },
              done -> exchange.json(200, json(name, alias, revision)));
        });
  }

  private void remove(Exchange exchange) {
    FunctionName name = exchange.path("function", FunctionName::new);
    String alias = exchange.path("alias", FunctionReference::checkAlias);
    exchange.blocking(
        () -> {
          registry.removeAlias(exchange.tenant(), name, alias);
          return alias;
        },
        done -> exchange.nothing());
  }

  /** The revision that the document names, in full or by its first six digits or more. */
  private RevisionId revision(Exchange exchange, FunctionName name, JsonNode document) {
    String text = document.path("revision").asText("");
    FunctionReference reference =
        Exchange.parse("revision", name + "@" + text, FunctionReference::parse);
    return registry
        .resolve(exchange.tenant(), reference)
        .orElseThrow(() -> new Refused(unknown.problem(exchange.tenant(), reference)))
        .revision();
  }

  private FunctionView function(Exchange exchange, FunctionName name) {
    return registry
        .function(exchange.tenant(), name)
        .orElseThrow(() -> new Refused(unknown.noFunction(exchange.tenant(), name)));
  }

  private static ObjectNode json(FunctionName function, String alias, RevisionId revision) {
    ObjectNode json = JsonText.object();
    json.put("function", function.value()).put("alias", alias).put("revision", revision.toString());
    return json;
  }
}
