package dev.fanfare.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Submission;
import dev.fanfare.sharing.SharedDeadLetters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;

/** {@code /v1/dead-letters}: accepted invocations that failed for good. */
final class DeadLetterResources {
  private static final int DEFAULT_LIMIT = 50;

  private final Platform platform;
  private final SharedDeadLetters letters;
  private final Redrive redrive;

  DeadLetterResources(Platform platform) {
    this.platform = platform;
    this.letters = platform.node().deadLetters();
    this.redrive = new Redrive(platform);
  }

  void serve(Routes routes) {
    routes.get("/v1/dead-letters", Scope.VIEWER, this::list);
    routes.get("/v1/dead-letters/:id", Scope.VIEWER, this::show);
    routes.body(HttpMethod.POST, "/v1/dead-letters/:id/redrive", Scope.INVOKER, this::redrive);
    routes.delete("/v1/dead-letters/:id", Scope.OPERATOR, this::purge);
  }

  private void list(Exchange exchange) {
    TenantId tenant = exchange.tenant();
    Optional<FunctionName> function = exchange.query("function", FunctionName::new);
    Optional<InvocationId> before = exchange.query("before", InvocationId::parse);
    int limit = exchange.query("limit", Integer::parseInt).orElse(DEFAULT_LIMIT);
    exchange.blocking(
        () -> letters.list(tenant, function, before, limit),
        found -> {
          ObjectNode body = JsonText.object();
          ArrayNode list = body.putArray("deadLetters");
          found.letters().forEach(letter -> list.add(InvocationJson.document(letter)));
          JsonText.putSilent(body, found.silent());
          exchange.json(200, body);
        });
  }

  private void show(Exchange exchange) {
    InvocationId id = InvocationResources.id(exchange);
    find(
        exchange,
        id,
        work ->
            exchange.later(
                platform.dispatcher().find(exchange.tenant(), id),
                found -> {
                  ObjectNode body = found.map(InvocationJson::document).orElseGet(JsonText::object);
                  body.set("payload", payload(work.payload()));
                  exchange.json(200, body);
                }));
  }

  private void redrive(Exchange exchange) {
    InvocationId id = InvocationResources.id(exchange);
    exchange.document(
        document ->
            find(
                exchange,
                id,
                work -> {
                  Future<InvocationId> accepted =
                      redrive.again(work).compose(anew -> gone(exchange, id).map(anew));
                  exchange.later(
                      accepted,
                      anew ->
                          exchange.json(
                              202, InvocationJson.accepted(anew, InvocationState.QUEUED)));
                }));
  }

  private void purge(Exchange exchange) {
    InvocationId id = InvocationResources.id(exchange);
    find(exchange, id, work -> exchange.later(gone(exchange, id), done -> exchange.nothing()));
  }

  private void find(Exchange exchange, InvocationId id, Taker next) {
    TenantId tenant = exchange.tenant();
    exchange.blocking(
        () -> letters.find(tenant, id, platform.node().id()),
        found -> next.take(found.orElseThrow(() -> new Refused(missing(id)))));
  }

  private interface Taker {
    void take(Submission work);
  }

  private Future<Boolean> gone(Exchange exchange, InvocationId id) {
    TenantId tenant = exchange.tenant();
    Promise<Boolean> removed = Promise.promise();
    platform
        .disk()
        .execute(
            () -> {
              try {
                letters.remove(tenant, id);
              } catch (RuntimeException e) {
                removed.fail(e);
                return;
              }
              removed.complete(true);
            });
    return removed.future();
  }

  private static ObjectNode payload(Payload payload) {
    ObjectNode json = JsonText.object();
    json.put("contentType", payload.contentType()).put("size", payload.size());
    if (payload instanceof Payload.Inline inline && isText(payload.contentType())) {
      json.put("text", new String(inline.bytes(), UTF_8));
    }
    return json;
  }

  private static boolean isText(String contentType) {
    return contentType.startsWith("text/") || contentType.contains("json");
  }

  private static Problem missing(InvocationId id) {
    return Problem.of(
        404, "no-such-dead-letter", "No such dead letter", "there is no dead letter " + id);
  }
}
