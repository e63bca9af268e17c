package dev.fanfare.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.dispatch.DispatchMeters;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.InProcessLink;
import dev.fanfare.frame.Link;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions whose other end falls silent, with heartbeats every fifth of a second. */
@Timeout(120)
class HeartbeatTest {
  private static final Duration LONGEST = Duration.ofSeconds(40);
  private static final int HEARTBEAT_MILLIS = 200;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private SchedulerNode node;
  private Dispatcher dispatcher;
  private SessionServer sessions;

  @BeforeEach
  void start(@TempDir Path data) {
    node = SchedulerNode.start(NodeConfiguration.alone(data), Clock.systemUTC());
    dispatcher = new Dispatcher(context, node, new DispatchMeters(new SimpleMeterRegistry()));
    sessions = new SessionServer(dispatcher, node, 1 << 20, HEARTBEAT_MILLIS);
  }

  @AfterEach
  void stop() throws Exception {
    sessions.close();
    dispatcher.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    thread.close();
    node.close();
  }

  @Test
  void aWorkerThatFallsSilentIsLostAfterFiveHeartbeats() {
    ScriptedWorker worker = open("silent", true);
    await().until(() -> dispatcher.workers().size() == 1);
    await().atMost(LONGEST).until(worker::isClosed);
    assertThat(worker.heard(Frame.Heartbeat.class)).hasSizeGreaterThanOrEqualTo(4);
    assertThat(worker.heard(Frame.Bye.class).getFirst().retry()).isTrue();
    await().until(() -> dispatcher.workers().isEmpty());
  }

  @Test
  void aLinkThatNeverSaysHelloIsClosed() {
    ScriptedWorker worker = ScriptedWorker.of("mute", 0, ScriptedWorker.LATER);
    worker.over(link(worker));
    await().atMost(LONGEST).until(worker::isClosed);
  }

  @Test
  void aWorkerThatSpeaksIsKept() {
    ScriptedWorker worker = open("speaking", false);
    await().atMost(LONGEST).until(() -> worker.heard(Frame.Heartbeat.class).size() > 8);
    assertThat(worker.isClosed()).isFalse();
  }

  @Test
  void aSilentSessionMakesPlaceForItsWorkersNext() {
    ScriptedWorker first = open("again", true);
    await().until(first::welcomed);
    await().until(() -> first.heard(Frame.Heartbeat.class).size() >= 3);
    ScriptedWorker second = open("again", true);
    await().until(second::welcomed);
    await().until(first::isClosed);
    assertThat(dispatcher.workers()).hasSize(1);
  }

  private ScriptedWorker open(String name, boolean silent) {
    ScriptedWorker worker = ScriptedWorker.of(name, 0, ScriptedWorker.LATER);
    if (silent) {
      worker.silent();
    }
    return worker.hello(link(worker));
  }

  private Link link(ScriptedWorker worker) {
    var principal = new Principal("key", TenantId.DEFAULT, Scope.WORKER);
    return InProcessLink.connect(
        worker,
        thread,
        link -> sessions.accept(link, principal),
        task -> context.runOnContext(nothing -> task.run()));
  }
}
