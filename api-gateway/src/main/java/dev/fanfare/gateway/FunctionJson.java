package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.ledger.FunctionStatistics;
import dev.fanfare.ledger.FunctionStatistics.Percentiles;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.registry.FunctionView;
import java.util.Locale;
import java.util.Map;

/** Functions as JSON; lengths of time are seconds. */
final class FunctionJson {
  private FunctionJson() {}

  static ObjectNode summary(FunctionView function) {
    Policy policy = function.spec().policy();
    ObjectNode json = JsonText.object();
    json.put("name", function.name().value());
    json.put("revision", function.live().toString());
    json.set("aliases", aliases(function.aliases()));
    json.put("deployedAt", function.liveSince().toString());
    json.put("timeout", policy.timeout().toNanos() / 1e9);
    json.put("concurrency", policy.concurrency());
    json.put("memory", policy.memoryBytes());
    json.set("input", function.spec().inputSchema());
    return json;
  }

  static ObjectNode description(FunctionView function, FunctionStatistics statistics) {
    ObjectNode json = summary(function);
    ArrayNode revisions = json.putArray("revisions");
    function.revisions().forEach(revision -> revisions.add(revision(revision, function.aliases())));
    json.set("policy", policy(function.spec().policy()));
    json.set("inputSchema", function.spec().inputSchema());
    json.set("outputSchema", function.spec().outputSchema());
    json.set("statistics", statistics(statistics));
    return json;
  }

  static ObjectNode aliases(Map<String, RevisionId> aliases) {
    ObjectNode json = JsonText.object();
    aliases.forEach((alias, revision) -> json.put(alias, revision.toString()));
    return json;
  }

  private static ObjectNode revision(
      FunctionView.Revision revision, Map<String, RevisionId> aliases) {
    ObjectNode json = JsonText.object();
    json.put("id", revision.id().toString());
    json.put("createdAt", revision.createdAt().toString());
    json.put("javaRelease", revision.javaRelease());
    json.put("artifactSize", revision.artifactSize());
    ArrayNode names = json.putArray("aliases");
    aliases.forEach(
        (alias, target) -> {
          if (target.equals(revision.id())) {
            names.add(alias);
          }
        });
    return json;
  }

  private static ObjectNode policy(Policy policy) {
    ObjectNode json = JsonText.object();
    json.put("timeout", policy.timeout().toNanos() / 1e9);
    policy.retries().ifPresent(retries -> json.put("retries", retries));
    policy.expiresAfter().ifPresent(after -> json.put("expiresAfter", after.toNanos() / 1e9));
    json.put("concurrency", policy.concurrency());
    json.put("memory", policy.memoryBytes());
    json.put("min", policy.scale().min());
    policy.scale().max().ifPresent(max -> json.put("max", max));
    ArrayNode constraints = json.putArray("constraints");
    policy
        .requirements()
        .constraints()
        .forEach(constraint -> constraints.add(constraint.toString()));
    json.put("isolation", policy.requirements().isolation().name().toLowerCase(Locale.ROOT));
    return json;
  }

  private static ObjectNode statistics(FunctionStatistics statistics) {
    ObjectNode json = JsonText.object();
    json.put("calls", statistics.calls());
    json.put("failures", statistics.failures());
    json.set("queue", percentiles(statistics.queue()));
    json.set("run", percentiles(statistics.run()));
    ArrayNode workers = json.putArray("workers");
    statistics.workers().forEach(worker -> workers.add(worker.value()));
    return json;
  }

  private static ObjectNode percentiles(Percentiles micros) {
    ObjectNode json = JsonText.object();
    json.put("p50", micros.p50() / 1e6);
    json.put("p95", micros.p95() / 1e6);
    json.put("p99", micros.p99() / 1e6);
    return json;
  }
}
