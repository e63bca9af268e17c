package dev.fanfare.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.dispatch.DispatchMeters;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.dispatch.Waiter;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Link;
import dev.fanfare.frame.LogLine;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A node, its dispatcher and session server, and workers' ends that do as tests say. */
final class SessionScene implements AutoCloseable {
  static final long RESULT_LIMIT = 4L << 20;
  static final Duration WAKE_UP = Duration.ofMillis(50);
  static final Outcome SUCCESS = new Outcome.Success(Payload.EMPTY);

  private final List<ScriptedWorker> workers = new ArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private final Connector connector;
  final Context context = vertx.getOrCreateContext();
  final SchedulerNode node;
  final Dispatcher dispatcher;
  final SessionServer sessions;

  /** Makes a link from a worker's end to the session server, authenticated as this principal. */
  interface Connector {
    Link connect(ScriptedWorker worker, Principal principal);
  }

  SessionScene(Path data, Connector connector) {
    this.connector = connector;
    node = SchedulerNode.start(NodeConfiguration.alone(data), Clock.systemUTC());
    dispatcher = new Dispatcher(context, node, new DispatchMeters(new SimpleMeterRegistry()));
    sessions = new SessionServer(dispatcher, node, RESULT_LIMIT);
  }

  /** Cuts all links, and cancels what they leave. */
  void disconnect() {
    workers.forEach(ScriptedWorker::cut);
    await().until(() -> dispatcher.workers().isEmpty());
    for (InvocationRecord left : live()) {
      get(dispatcher.cancel(left.tenant(), left.id(), "the test is over"));
    }
  }

  @Override
  public void close() {
    sessions.close();
    get(dispatcher.close());
    get(vertx.close());
    node.close();
  }

  Link connect(ScriptedWorker worker, Principal principal) {
    return connector.connect(worker, principal);
  }

  ScriptedWorker worker(String name, int credits, Function<Lease, Optional<Outcome>> script) {
    ScriptedWorker worker = ScriptedWorker.of(name, Map.of(), credits, script);
    workers.add(worker);
    return worker;
  }

  ScriptedWorker link(String name, Principal principal) {
    ScriptedWorker worker = worker(name, 0, ScriptedWorker.LATER);
    return worker.over(connect(worker, principal));
  }

  ScriptedWorker open(String name, int credits, Function<Lease, Optional<Outcome>> script) {
    ScriptedWorker worker = worker(name, credits, script);
    worker.hello(connect(worker, principal(Scope.WORKER)));
    await().until(worker::welcomed);
    return worker;
  }

  ScriptedWorker resume(ScriptedWorker before, List<Held> held) {
    before.cut();
    await()
        .until(
            () ->
                dispatcher.workers().stream().noneMatch(w -> w.profile().equals(before.profile())));
    ScriptedWorker again = worker(before.profile().id().value(), 0, ScriptedWorker.LATER);
    again.hello(connect(again, principal(Scope.WORKER)), token(before), held);
    await().until(again::welcomed);
    return again;
  }

  static Optional<String> token(ScriptedWorker worker) {
    return Optional.of(worker.heard(Frame.Welcome.class).getFirst().resume());
  }

  static Principal principal(Scope scope) {
    return new Principal("key" + UUID.randomUUID(), TenantId.DEFAULT, scope);
  }

  static Frame.Bye bye(ScriptedWorker worker) {
    await().until(() -> !worker.heard(Frame.Bye.class).isEmpty());
    return worker.heard(Frame.Bye.class).getFirst();
  }

  /** The lease of a new invocation, which the worker is to have room for. */
  Lease lease(ScriptedWorker worker) {
    int before = worker.leases().size();
    submitAndForget();
    await().until(() -> worker.leases().size() == before + 1);
    return worker.leases().getLast();
  }

  InvocationRecord run(Payload payload) throws Exception {
    return submit(payload).get(10, TimeUnit.SECONDS);
  }

  void submitAndForget() {
    assertThat(submit(Payload.EMPTY)).isNotNull();
  }

  CompletableFuture<InvocationRecord> submit(Payload payload) {
    var end = new CompletableFuture<InvocationRecord>();
    InvocationId id = dispatcher.newId();
    dispatcher.submit(submission(id, payload), new Completing(end));
    return end;
  }

  private Submission submission(InvocationId id, Payload payload) {
    var revision = new RevisionId(Sha256.of("revision".getBytes(StandardCharsets.UTF_8)));
    var target = new Target(TenantId.DEFAULT, new FunctionName("echo"), revision, Policy.DEFAULT);
    long minute = TimeUnit.MINUTES.toMicros(1);
    return new Submission(
        id, target, Requirements.NONE, node.id(), false, 0, 0, minute, 0, 0, 0, "", "", payload);
  }

  List<InvocationRecord> live() {
    return get(dispatcher.list(TenantId.DEFAULT, InvocationFilter.newest(1_000))).stream()
        .filter(invocation -> !invocation.state().terminal())
        .toList();
  }

  static FailureCode code(InvocationRecord ended) {
    return ((Outcome.Failure) ended.outcome().orElseThrow()).fault().code();
  }

  static void upload(ScriptedWorker worker, Sha256 hash, byte[] content) {
    for (int offset = 0; offset < content.length; offset += Frame.CHUNK_BYTES) {
      int end = Math.min(content.length, offset + Frame.CHUNK_BYTES);
      byte[] piece = Arrays.copyOfRange(content, offset, end);
      worker.send(new Frame.Upload(hash, offset, content.length, piece));
    }
  }

  static LogLine line(Lease lease, int sequence) {
    return new LogLine(lease.id(), lease.fence(), sequence, 1, "out", "", "line " + sequence);
  }

  static Held held(Lease lease) {
    return new Held(lease.id(), lease.fence());
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random().nextBytes(bytes);
    return bytes;
  }

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private record Completing(CompletableFuture<InvocationRecord> end) implements Waiter {
    @Override
    public void admitted(Admission admission) {
      if (admission != Admission.ACCEPTED) {
        end.completeExceptionally(new IllegalStateException(admission.toString()));
      }
    }

    @Override
    public void uncertain(String why) {
      end.completeExceptionally(new IllegalStateException(why));
    }

    @Override
    public void ended(InvocationRecord invocation) {
      end.complete(invocation);
    }
  }
}
