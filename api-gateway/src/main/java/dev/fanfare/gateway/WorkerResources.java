package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.dispatch.WorkerView;
import dev.fanfare.key.Keys;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.Durations;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import dev.fanfare.session.SessionServer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code /v1/workers}: which are connected, and tokens for new ones. */
final class WorkerResources {
  private static final Duration LONGEST_TTL = Duration.ofDays(30);

  private final Platform platform;
  private final Keys keys;
  private final SessionServer sessions;

  WorkerResources(Platform platform, SessionServer sessions) {
    this.sessions = sessions;
    this.platform = platform;
    this.keys = platform.node().keys();
  }

  void serve(Routes routes) {
    routes.get("/v1/workers", Scope.VIEWER, this::list);
    routes.body(HttpMethod.POST, "/v1/workers/:worker/state-check", Scope.VIEWER, this::checkState);
    routes.body(HttpMethod.POST, "/v1/workers/join-tokens", Scope.OPERATOR, this::joinToken);
  }

  private void list(Exchange exchange) {
    List<Constraint> labels = constraints(exchange, "label");
    List<Constraint> asked = constraints(exchange, "constraint");
    Optional<Requirements> demands =
        exchange.query("function").map(text -> demands(exchange, text).and(asked));
    ObjectNode body = JsonText.object();
    ArrayNode workers = body.putArray("workers");
    for (WorkerView worker : platform.dispatcher().workersEverywhere()) {
      WorkerProfile profile = worker.profile();
      if (labels.stream().allMatch(label -> label.metBy(profile.labels()))) {
        ObjectNode json = json(worker);
        demands
            .flatMap(wanted -> Dispatcher.whyNot(wanted, profile))
            .ifPresent(why -> json.put("cannotRun", why));
        workers.add(json);
      }
    }
    exchange.json(200, body);
  }

  private static List<Constraint> constraints(Exchange exchange, String name) {
    return exchange.request().params().getAll(name).stream()
        .map(text -> Exchange.parse(name, text, Constraint::parse))
        .toList();
  }

  /** What the function asks of a worker. */
  private Requirements demands(Exchange exchange, String text) {
    FunctionReference reference = UnknownFunction.parse(text);
    return platform
        .node()
        .registry()
        .resolve(exchange.tenant(), reference)
        .orElseThrow(
            () ->
                new Refused(
                    new UnknownFunction(platform.node().registry())
                        .problem(exchange.tenant(), reference)))
        .policy()
        .requirements();
  }

  /** Answers once the worker is told; what it finds it shows in its labels. */
  private void checkState(Exchange exchange) {
    String name = exchange.path("worker");
    WorkerId worker = Exchange.parse("worker", name, WorkerId::new);
    exchange.later(
        sessions.checkState(worker),
        told -> {
          if (told) {
            exchange.json(202, JsonText.object().put("id", name));
          } else {
            exchange.fail(
                Problem.of(
                    404,
                    "no-worker",
                    "No such worker",
                    "worker " + name + " is not connected here"));
          }
        });
  }

  private void joinToken(Exchange exchange) {
    exchange.document(
        document -> {
          Duration ttl = Exchange.parse("ttl", document.path("ttl").asText("1h"), Durations::parse);
          if (ttl.isZero() || ttl.compareTo(LONGEST_TTL) > 0) {
            throw new Refused(Problem.badRequest("ttl is more than 0 and at most 30d"));
          }
          exchange.blocking(
              () -> keys.issue(exchange.tenant(), Scope.JOIN, "join", Optional.of(ttl)),
              issued -> {
                ObjectNode body = JsonText.object();
                body.put("token", issued.text());
                issued.expiresAt().ifPresent(at -> body.put("expiresAt", at.toString()));
                exchange.json(201, body);
              });
        });
  }

  static ObjectNode json(WorkerView worker) {
    WorkerProfile profile = worker.profile();
    ObjectNode json = JsonText.object();
    json.put("id", profile.id().value());
    json.put("session", worker.session().value());
    json.put("peer", worker.peer());
    json.put("slots", profile.slots());
    json.put("free", worker.free());
    json.put("running", worker.running());
    json.put("runtimes", worker.runtimes());
    json.put("blankRuntimes", worker.blankRuntimes());
    ObjectNode labels = json.putObject("labels");
    profile.labels().values().forEach(labels::put);
    ArrayNode isolation = json.putArray("isolation");
    profile.isolation().stream()
        .sorted()
        .forEach(level -> isolation.add(level.name().toLowerCase(Locale.ROOT)));
    json.put("version", profile.version());
    json.put("connectedAt", JsonText.time(worker.connectedAt()));
    json.put("draining", worker.draining());
    json.put("load", worker.load());
    return json;
  }
}
