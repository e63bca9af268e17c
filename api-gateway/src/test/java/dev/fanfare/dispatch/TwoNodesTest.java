package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.InProcessLink;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.session.SessionServer;
import dev.fanfare.shard.Submission;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes of a real cluster: work comes in at one, the worker is at the other. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TwoNodesTest {

  @Test
  void workOfOneNodeRunsOnAWorkerOfTheOther(@TempDir Path first, @TempDir Path second)
      throws Exception {
    Vertx vertx = Vertx.vertx();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    var alone = NodeConfiguration.alone(first).member("127.0.0.1", 0, List.of(), "dispatchers");
    try (var front = SchedulerNode.start(alone, Clock.systemUTC());
        var back = SchedulerNode.start(joining(second, front), Clock.systemUTC())) {
      Context frontLoop = vertx.getOrCreateContext();
      var dispatcher = new Dispatcher(frontLoop, front, meters());
      Context backLoop = vertx.getOrCreateContext();
      var other = new Dispatcher(backLoop, back, meters());
      var sessions = new SessionServer(other, back, 1 << 20);
      ScriptedWorker worker = ScriptedWorker.of("far", 20, ScriptedWorker.AT_ONCE);
      worker.hello(
          InProcessLink.connect(
              worker,
              thread,
              link -> sessions.accept(link, new Principal("key", TenantId.DEFAULT, Scope.WORKER)),
              task -> backLoop.runOnContext(nothing -> task.run())));
      await().until(worker::welcomed);
      RevisionId deployed = front.registry().deploy(TenantId.DEFAULT, manifest(front)).revision();
      await("told to a worker of the other node")
          .until(() -> worker.heard(Frame.Announced.class).contains(new Frame.Announced(deployed)));
      List<RememberingWaiter> waiters = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        var waiter = new RememberingWaiter();
        waiters.add(waiter);
        dispatcher.submit(Submissions.sync(front.id()).make(dispatcher.newId()), waiter);
      }
      await().until(() -> waiters.stream().allMatch(w -> w.ends().size() == 1));
      assertThat(waiters).allMatch(w -> w.end().state() == InvocationState.SUCCEEDED);
      assertThat(waiters).allMatch(w -> w.uncertainties().isEmpty());
      await()
          .until(
              () ->
                  front.history().find(TenantId.DEFAULT, waiters.getLast().end().id()).isPresent());
      await("figures are those of all nodes")
          .until(
              () ->
                  back.statistics()
                          .read(TenantId.DEFAULT, new FunctionName("echo"))
                          .statistics()
                          .calls()
                      == 500);
      sessions.close();
      get(other.close());
      get(dispatcher.close());
    } finally {
      get(vertx.close());
      thread.close();
    }
  }

  private static RevisionManifest manifest(SchedulerNode node) {
    var json = JsonNodeFactory.instance.objectNode();
    var spec =
        new FunctionSpec(
            new FunctionName("deployed"),
            "example.Functions",
            "run",
            "()V",
            List.of(),
            FunctionSpec.ResultKind.JSON,
            Policy.DEFAULT,
            json,
            json);
    return new RevisionManifest(node.blobs().put(new byte[] {1}), 1, 25, List.of(spec));
  }

  @Test
  void whatEndedAsynchronouslyIsReadAtTheOtherNodeAlsoAfterItsOwnIsGone(
      @TempDir Path first, @TempDir Path second) throws Exception {
    Vertx vertx = Vertx.vertx();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    var alone = NodeConfiguration.alone(first).member("127.0.0.1", 0, List.of(), "dispatchers");
    try (var front = SchedulerNode.start(alone, Clock.systemUTC());
        var back = SchedulerNode.start(joining(second, front), Clock.systemUTC())) {
      var dispatcher = new Dispatcher(vertx.getOrCreateContext(), front, meters());
      Context backLoop = vertx.getOrCreateContext();
      var other = new Dispatcher(backLoop, back, meters());
      var sessions = new SessionServer(other, back, 1 << 20);
      ScriptedWorker worker = ScriptedWorker.of("far", 20, ScriptedWorker.AT_ONCE);
      worker.hello(
          InProcessLink.connect(
              worker,
              thread,
              link -> sessions.accept(link, new Principal("key", TenantId.DEFAULT, Scope.WORKER)),
              task -> backLoop.runOnContext(nothing -> task.run())));
      List<InvocationId> ids = new ArrayList<>();
      List<RememberingWaiter> accepted = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        InvocationId id = dispatcher.newId();
        ids.add(id);
        accepted.add(new RememberingWaiter());
        dispatcher.submit(Submissions.sync(front.id()).withAsync().make(id), accepted.getLast());
      }
      await().until(() -> accepted.stream().allMatch(w -> w.admissions().size() == 1));
      for (InvocationId id : ids) {
        assertThat(ended(other, id)).as("at the node that did not accept it").isTrue();
      }
      await().until(() -> ids.stream().allMatch(id -> kept(front, id) && kept(back, id)));
      get(dispatcher.close());
      front.close();
      for (InvocationId id : ids) {
        assertThat(ended(other, id)).as("after its own node is gone").isTrue();
      }
      sessions.close();
      get(other.close());
    } finally {
      get(vertx.close());
      thread.close();
    }
  }

  @Test
  void whatFailedForGoodAtOneNodeIsListedFoundAndRemovedAtTheOther(
      @TempDir Path first, @TempDir Path second) throws Exception {
    Vertx vertx = Vertx.vertx();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    var alone = NodeConfiguration.alone(first).member("127.0.0.1", 0, List.of(), "dispatchers");
    try (var front = SchedulerNode.start(alone, Clock.systemUTC());
        var back = SchedulerNode.start(joining(second, front), Clock.systemUTC())) {
      var dispatcher = new Dispatcher(vertx.getOrCreateContext(), front, meters());
      Context backLoop = vertx.getOrCreateContext();
      var other = new Dispatcher(backLoop, back, meters());
      var sessions = new SessionServer(other, back, 1 << 20);
      ScriptedWorker worker =
          ScriptedWorker.of(
              "far", 20, lease -> Optional.of(Outcome.Failure.of(FailureCode.REJECTED, "no luck")));
      worker.hello(
          InProcessLink.connect(
              worker,
              thread,
              link -> sessions.accept(link, new Principal("key", TenantId.DEFAULT, Scope.WORKER)),
              task -> backLoop.runOnContext(nothing -> task.run())));
      InvocationId id = dispatcher.newId();
      dispatcher.submit(Submissions.sync(front.id()).withAsync().make(id), new RememberingWaiter());

      await().until(() -> letters(front).contains(id));
      assertThat(letters(back)).containsExactly(id);
      assertThat(back.deadLetters().find(TenantId.DEFAULT, id, back.id()))
          .map(Submission::target)
          .isEqualTo(
              front.deadLetters().find(TenantId.DEFAULT, id, front.id()).map(Submission::target))
          .isPresent();
      back.deadLetters().remove(TenantId.DEFAULT, id);
      assertThat(letters(front)).isEmpty();
      sessions.close();
      get(other.close());
      get(dispatcher.close());
    } finally {
      get(vertx.close());
      thread.close();
    }
  }

  private static List<InvocationId> letters(SchedulerNode node) {
    return node
        .deadLetters()
        .list(TenantId.DEFAULT, Optional.empty(), Optional.empty(), 10)
        .letters()
        .stream()
        .map(InvocationRecord::id)
        .toList();
  }

  private static boolean ended(Dispatcher dispatcher, InvocationId id) throws Exception {
    return dispatcher
        .await(TenantId.DEFAULT, id, Duration.ofSeconds(20))
        .toCompletionStage()
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS)
        .filter(invocation -> invocation.state() == InvocationState.SUCCEEDED)
        .isPresent();
  }

  private static boolean kept(SchedulerNode node, InvocationId id) {
    return node.history().find(TenantId.DEFAULT, id).isPresent();
  }

  private static NodeConfiguration joining(Path data, SchedulerNode node) {
    return NodeConfiguration.alone(data)
        .member("127.0.0.1", 0, List.of("127.0.0.1:" + node.memberPort()), "dispatchers");
  }

  static DispatchMeters meters() {
    return new DispatchMeters(new SimpleMeterRegistry());
  }

  static void get(io.vertx.core.Future<Void> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
