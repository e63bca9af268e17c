package dev.fanfare.gateway;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.InProcessLink;
import dev.fanfare.frame.Link;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.ledger.Retention;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.registry.Deployment;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.ShardLimits;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A whole gateway on a free port, with a node of its own, keys and an HTTP client. */
final class TestGateway implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int SHARDS = 4;

  final Vertx vertx = Vertx.vertx();
  final SchedulerNode node;
  final Gateway gateway;
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  final ExecutorService workers = Executors.newSingleThreadExecutor();
  final String admin;

  private TestGateway(Path folder, GatewayConfiguration configuration) throws Exception {
    node = SchedulerNode.start(node(folder), Clock.systemUTC());
    gateway = open(configuration);
    admin = key(TenantId.DEFAULT, Scope.ADMIN);
  }

  private Gateway open(GatewayConfiguration configuration) throws Exception {
    try {
      return get(Gateway.start(configuration, vertx, node));
    } catch (Exception e) {
      node.close();
      throw e;
    }
  }

  static TestGateway start(Path folder) throws Exception {
    return start(folder, GatewayConfiguration.DEFAULT.at("127.0.0.1", 0));
  }

  static TestGateway start(Path folder, GatewayConfiguration configuration) throws Exception {
    return new TestGateway(folder, configuration);
  }

  static <T> T get(io.vertx.core.Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  String key(TenantId tenant, Scope scope) {
    return node.keys().issue(tenant, scope, "test", Optional.empty()).text();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + gateway.port() + path);
  }

  /** A request with the admin key. */
  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + admin);
  }

  HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request = to(path).POST(BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = to(path).GET();
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  HttpResponse<String> delete(String path) throws Exception {
    return send(to(path).DELETE());
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return MAPPER.readTree(response.body());
  }

  /** Deploys functions that only scripted workers can run. */
  Deployment deploy(TenantId tenant, Policy policy, String... names) {
    List<FunctionSpec> functions =
        Arrays.stream(names).sorted().map(name -> spec(name, policy)).toList();
    Sha256 artifact = node.blobs().put(String.join(",", names).getBytes(StandardCharsets.UTF_8));
    return node.registry().deploy(tenant, new RevisionManifest(artifact, 1, 25, functions));
  }

  Deployment deploy(String... names) {
    return deploy(TenantId.DEFAULT, Policy.DEFAULT, names);
  }

  /** A connected worker that runs what the script says, 64 at a time, labelled {@code os=linux}. */
  ScriptedWorker worker(String name, Function<Lease, Optional<Outcome>> script) {
    return worker(name, Map.of("os", "linux"), script);
  }

  ScriptedWorker worker(
      String name, Map<String, String> labels, Function<Lease, Optional<Outcome>> script) {
    ScriptedWorker worker = ScriptedWorker.of(name, labels, 64, script);
    worker.hello(link(worker));
    await().until(worker::welcomed);
    return worker;
  }

  Link link(ScriptedWorker worker) {
    return InProcessLink.connect(
        worker,
        workers,
        far ->
            gateway.sessions().accept(far, new Principal("test", TenantId.DEFAULT, Scope.WORKER)),
        task -> gateway.sessionContext().runOnContext(now -> task.run()));
  }

  /** Answers with what came in. */
  static Optional<Outcome> echo(Lease lease) {
    return Optional.of(new Outcome.Success(lease.payload()));
  }

  static Optional<Outcome> json(String text) {
    return Optional.of(
        new Outcome.Success(
            new Payload.Inline("application/json", text.getBytes(StandardCharsets.UTF_8))));
  }

  @Override
  public void close() throws Exception {
    http.shutdownNow();
    get(gateway.close());
    get(vertx.close());
    node.close();
    workers.close();
  }

  private static FunctionSpec spec(String name, Policy policy) {
    return new FunctionSpec(
        new FunctionName(name),
        "example.Functions",
        "run",
        "()V",
        List.of(),
        FunctionSpec.ResultKind.JSON,
        policy,
        MAPPER.createObjectNode().put("type", "object"),
        MAPPER.createObjectNode());
  }

  private static NodeConfiguration node(Path folder) {
    return new NodeConfiguration(
        folder,
        "127.0.0.1",
        0,
        List.of(),
        0,
        SHARDS,
        "test",
        true,
        Optional.empty(),
        Optional.empty(),
        ShardLimits.DEFAULT,
        Retention.DEFAULT,
        NodeConfiguration.DEFAULT_BLOB_AGE);
  }
}
