package dev.fanfare.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Manifests;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.WorkerId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A worker with two slots at a {@link ScriptedGateway} that has the samples. */
final class StartedWorker implements AutoCloseable {
  static {
    // Processes start slowly where several builds share a machine.
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
  }

  final Vertx vertx = Vertx.vertx();
  final ScriptedGateway gateway = new ScriptedGateway(vertx);
  final WorkerAgent agent;
  final SampleJar samples = SampleJar.make();
  private final AtomicLong ids = new AtomicLong();

  StartedWorker(Path folder) throws Exception {
    this(folder, same -> same);
  }

  StartedWorker(Path folder, UnaryOperator<WorkerConfiguration> changes) throws Exception {
    deploy(samples);
    var plain =
        WorkerConfiguration.of(new WorkerId("test"), folder, RuntimeLib.classPath())
            .withAotCaches(RuntimeLib.aotCaches())
            .withSlots(2);
    agent = WorkerAgent.start(changes.apply(plain), vertx, gateway);
    get(agent.connected());
  }

  @Override
  public void close() throws Exception {
    get(agent.close());
    get(vertx.close());
    gateway.close();
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }

  void deploy(SampleJar jar) {
    gateway.blobs.put(jar.id().hash(), Manifests.write(jar.manifest()));
    gateway.blobs.put(jar.manifest().artifact(), jar.bytes());
  }

  Lease lease(String function, String json) {
    return lease(samples, function, json(json));
  }

  Lease lease(SampleJar jar, String function, Payload body) {
    var name = new FunctionName(function);
    long timeoutMicros =
        jar.manifest()
            .function(name)
            .map(FunctionSpec::policy)
            .map(policy -> policy.timeout().toNanos() / 1_000)
            .orElse(60_000_000L);
    var id = new InvocationId(1, ids.incrementAndGet());
    return new Lease(id, 1, 1, jar.id(), name, body, timeoutMicros, "", "");
  }

  static Payload json(String text) {
    return new Payload.Inline("application/json", text.getBytes(UTF_8));
  }

  CompletableFuture<Settlement> submit(String function, String json) {
    return gateway.submit(lease(function, json));
  }

  /** Begins a nap, and waits until the function has begun. */
  CompletableFuture<Settlement> nap(int millis) {
    return begin(lease("nap", "{\"millis\":" + millis + "}"));
  }

  /** Begins one that ends once the file is there. */
  CompletableFuture<Settlement> napUntil(Path file) {
    return begin(lease("nap-until", "{\"path\":\"" + file + "\"}"));
  }

  /** Begins a nap that is only over when it is revoked. */
  Lease longNap() {
    Lease lease = lease("nap", "{\"millis\":60000}");
    var _ = begin(lease);
    return lease;
  }

  private CompletableFuture<Settlement> begin(Lease nap) {
    var napping = gateway.submit(nap);
    await().until(() -> texts(nap).contains("out:napping"));
    return napping;
  }

  Settlement run(String function, String json) throws Exception {
    return submit(function, json).get(30, SECONDS);
  }

  String text(String function, String json) throws Exception {
    return text(run(function, json));
  }

  static String text(Settlement settlement) {
    return switch (settlement.outcome()) {
      case Outcome.Success(Payload.Inline inline) -> new String(inline.bytes(), UTF_8);
      default -> throw new AssertionError(settlement.outcome());
    };
  }

  Fault fault(String function, String json) throws Exception {
    return fault(run(function, json));
  }

  static Fault fault(Settlement settlement) {
    return ((Outcome.Failure) settlement.outcome()).fault();
  }

  /** What an attempt wrote, each line with its source. */
  List<String> texts(Lease lease) {
    return gateway.lines.stream()
        .filter(line -> line.id().equals(lease.id()))
        .map(line -> line.source() + ":" + line.text())
        .toList();
  }
}
