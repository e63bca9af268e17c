package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatch.WorkerView;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.session.SharedInspection;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /v1/workers/{id}}: what the gateway knows of a worker, and what the worker tells of
 * itself when it is asked. Of other tenants' invocations no more is told than how many there are.
 */
final class WorkerConditionResource {
  private static final String VIA = " via ";

  private final Platform platform;
  private final SharedInspection inspection;

  WorkerConditionResource(Platform platform, SharedInspection inspection) {
    this.platform = platform;
    this.inspection = inspection;
  }

  void serve(Routes routes) {
    routes.get("/v1/workers/:worker", Scope.VIEWER, this::show);
  }

  private void show(Exchange exchange) {
    WorkerId id = exchange.path("worker", WorkerId::new);
    WorkerView worker =
        platform.dispatcher().workersEverywhere().stream()
            .filter(view -> view.is(id))
            .findFirst()
            .orElseThrow(() -> new Refused(noSuchWorker(id)));
    ObjectNode body = WorkerResources.json(worker);
    exchange.later(
        inspection
            .inspect(id)
            .compose(told -> withReport(body, told, exchange.tenant()))
            .recover(failure -> Future.succeededFuture(silent(body, failure))),
        whole -> exchange.json(200, connected(worker, whole)));
  }

  private static Problem noSuchWorker(WorkerId id) {
    return Problem.of(
            404, "no-such-worker", "No such worker", "no worker called '" + id + "' is connected")
        .with("worker", id.value());
  }

  private static ObjectNode silent(ObjectNode body, Throwable failure) {
    return body.put("silent", String.valueOf(failure.getMessage()));
  }

  private static ObjectNode connected(WorkerView worker, ObjectNode body) {
    String peer = worker.peer();
    int via = peer.indexOf(VIA);
    ObjectNode connection = body.putObject("connection");
    connection.put("way", body.path("way").asText("unknown"));
    connection.put("peer", via < 0 ? peer : peer.substring(0, via));
    ArrayNode relays = connection.putArray("relays");
    if (via >= 0) {
      for (String relay : peer.substring(via + VIA.length()).split(",\\s*", -1)) {
        relays.add(relay);
      }
    }
    connection.put("since", JsonText.time(worker.connectedAt()));
    body.remove("way");
    return body;
  }

  /** The worker's own word counts where both know something; but who it is, the gateway knows. */
  private Future<ObjectNode> withReport(ObjectNode body, String told, TenantId tenant) {
    JsonNode report = JsonText.read(told.getBytes(StandardCharsets.UTF_8));
    report
        .properties()
        .forEach(
            field -> {
              if (!field.getKey().matches("id|session|peer|labels|connectedAt|runtimes")) {
                body.set(field.getKey(), field.getValue());
              }
            });
    body.set("processes", report.path("runtimes"));
    return own(report.path("invocations"), tenant)
        .map(
            own -> {
              ArrayNode invocations = body.putArray("invocations");
              own.forEach(invocations::add);
              return body.put(
                  "othersInvocations", Math.max(0, report.path("attempts").asInt() - own.size()));
            });
  }

  private Future<List<JsonNode>> own(JsonNode invocations, TenantId tenant) {
    var found = new ArrayList<Future<Optional<JsonNode>>>();
    for (JsonNode invocation : invocations) {
      InvocationId id = InvocationId.parse(invocation.path("id").asText());
      found.add(
          platform
              .dispatcher()
              .find(tenant, id)
              .map(record -> record.map(mine -> invocation))
              .otherwise(Optional.empty()));
    }
    return found.isEmpty()
        ? Future.succeededFuture(List.of())
        : Future.all(found)
            .map(all -> all.<Optional<JsonNode>>list().stream().flatMap(Optional::stream).toList());
  }
}
