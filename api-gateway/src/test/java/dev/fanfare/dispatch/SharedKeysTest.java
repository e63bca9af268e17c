package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.ledger.DataFolder;
import dev.fanfare.ledger.IdempotencyKeys.Claim;
import dev.fanfare.ledger.Ledger;
import dev.fanfare.ledger.Retention;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Idempotency keys at two nodes of a real cluster, each with a ledger of its own. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SharedKeysTest {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Sha256 BODY = Sha256.of(new byte[] {1});

  private final Vertx vertx = Vertx.vertx();

  /** Not those of Hazelcast's callbacks. */
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private List<Integer> ports = List.of();

  @BeforeEach
  void choosePorts() throws IOException {
    var loopback = InetAddress.getLoopbackAddress();
    try (var one = new ServerSocket(0, 1, loopback);
        var other = new ServerSocket(0, 1, loopback)) {
      ports = List.of(one.getLocalPort(), other.getLocalPort());
    }
  }

  @AfterEach
  void endLoops() throws Exception {
    threads.shutdownNow();
    get(vertx.close());
  }

  @Test
  void oneKeyIsOneInvocationAtWhicheverNodeItComesAlsoAfterARestartOfBoth(
      @TempDir Path first, @TempDir Path second) throws Exception {
    Map<String, InvocationId> stood = new LinkedHashMap<>();
    try (var front = node(first, 0);
        var back = node(second, 1)) {
      Dispatcher one = dispatcher(front);
      Dispatcher other = dispatcher(back);
      awaitKey(one, front, "the first");
      for (int i = 0; i < 30; i++) {
        String key = "key " + i;
        var here = CompletableFuture.supplyAsync(() -> awaitKey(one, front, key), threads);
        var there = CompletableFuture.supplyAsync(() -> awaitKey(other, back, key), threads);
        stood.put(key, get(here));
        assertThat(get(there)).isEqualTo(stood.get(key));
      }
      get(other.close());
      get(one.close());
    }
    assertThat(new HashSet<>(stood.values())).hasSize(30);
    try (var front = node(first, 0);
        var back = node(second, 1)) {
      Dispatcher one = dispatcher(front);
      Dispatcher other = dispatcher(back);
      awaitKey(one, front, "the first again");
      for (Map.Entry<String, InvocationId> entry : stood.entrySet()) {
        assertThat(get(submitOnce(one, front, entry.getKey()))).isEqualTo(entry.getValue());
        assertThat(get(submitOnce(other, back, entry.getKey()))).isEqualTo(entry.getValue());
      }
      get(other.close());
      get(one.close());
    }
  }

  @Test
  void aKeyIsNotNewWhileANodeThatMayKnowItDoesNotAnswer(@TempDir Path first, @TempDir Path second)
      throws Exception {
    try (var front = node(first, 0);
        var back = node(second, 1)) {
      Dispatcher one = dispatcher(front);

      assertThatThrownBy(() -> get(submitOnce(one, front, "early")))
          .isInstanceOf(ExecutionException.class);

      Dispatcher other = dispatcher(back);
      awaitKey(one, front, "early");
      get(other.close());
      get(one.close());
    }
  }

  @Test
  void keysFromBeforeARestartOfAllStandAlsoWhenTheirNodeGoesAwayAgain(
      @TempDir Path first, @TempDir Path second) throws Exception {
    InvocationId stood;
    try (var front = node(first, 0);
        var back = node(second, 1)) {
      Dispatcher one = dispatcher(front);
      Dispatcher other = dispatcher(back);
      stood = awaitKey(other, back, "of the second");
      get(other.close());
      get(one.close());
    }
    try (var front = node(first, 0)) {
      Dispatcher one = dispatcher(front);
      assertThatThrownBy(() -> get(submitOnce(one, front, "of the second")))
          .hasMessageContaining("not back yet");
      try (var back = node(second, 1)) {
        Dispatcher other = dispatcher(back);
        awaitKey(one, front, "another"); // all that was known is told by now
        get(other.close());
      }
      assertThat(awaitKey(one, front, "of the second")).isEqualTo(stood);
      get(one.close());
    }
  }

  @Test
  void aKeyThatALostNodeMayHaveAcceptedIsUncertainUntilThatNodeIsBack(
      @TempDir Path first, @TempDir Path second) throws Exception {
    try (var front = node(first, 0)) {
      Dispatcher one = dispatcher(front);
      try (var back = node(second, 1)) {
        Dispatcher other = dispatcher(back);
        awaitKey(one, front, "another");
        // as if the second were killed after it took the key and before it accepted the work
        var keys =
            new ClusterKeys(
                (tenant, id) -> false,
                new Elsewhere(back.neighbours(), false),
                back.claims(),
                back.id());
        var queue = new Queue(TenantId.DEFAULT, new FunctionName("echo"));
        assertThat(keys.take(queue, new Claim("lost", BODY, other.newId()))).isEmpty();
        get(other.close());
      }

      Awaitility.await("the second is gone")
          .atMost(LONGEST)
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> get(submitOnce(one, front, "lost")))
                      .hasMessageContaining("away"));

      try (var back = node(second, 1)) {
        Dispatcher other = dispatcher(back);
        awaitKey(one, front, "lost");
        get(other.close());
      }
      get(one.close());
    }
  }

  @Test
  void aKeyWhoseWorkTheLedgerDidNotTakeIsFreeAtBothNodes(@TempDir Path first, @TempDir Path second)
      throws Exception {
    refuse(first, "refused");
    try (var front = node(first, 0);
        var back = node(second, 1)) {
      Dispatcher one = dispatcher(front);
      Dispatcher other = dispatcher(back);
      awaitKey(one, front, "another");
      assertThatThrownBy(() -> get(submitOnce(one, front, "refused")))
          .hasMessageContaining("not by this ledger");

      InvocationId stands = awaitKey(other, back, "refused");

      assertThat(awaitKey(one, front, "refused")).isEqualTo(stands);
      get(other.close());
      get(one.close());
    }
  }

  /** The ledger in this folder will take nothing under the key. */
  private static void refuse(Path folder, String key) throws SQLException {
    try (var place = DataFolder.open(folder)) {
      Ledger.open(place, Retention.DEFAULT, Clock.systemUTC()).close();
    }
    try (var ledger = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
        var statement = ledger.createStatement()) {
      statement.execute(
          "CREATE TRIGGER refusing BEFORE INSERT ON idempotency_keys WHEN NEW.key = '"
              + key
              + "' BEGIN SELECT RAISE(ABORT, 'not by this ledger'); END");
    }
  }

  private SchedulerNode node(Path folder, int number) {
    List<String> all = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    var configuration =
        NodeConfiguration.alone(folder).member("127.0.0.1", ports.get(number), all, "shared-keys");
    return SchedulerNode.start(configuration, Clock.systemUTC());
  }

  private Dispatcher dispatcher(SchedulerNode node) {
    var meters = new DispatchMeters(new SimpleMeterRegistry());
    return new Dispatcher(vertx.getOrCreateContext(), node, meters);
  }

  /** Comes again under the key until it stands for something. */
  private static InvocationId awaitKey(Dispatcher dispatcher, SchedulerNode node, String key) {
    return Awaitility.await("the key " + key + " stands")
        .atMost(LONGEST)
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .until(() -> get(submitOnce(dispatcher, node, key)), Objects::nonNull);
  }

  /** What the key stands for, once it was accepted. */
  private static CompletableFuture<InvocationId> submitOnce(
      Dispatcher dispatcher, SchedulerNode node, String key) {
    var stands = new CompletableFuture<InvocationId>();
    InvocationId id = dispatcher.newId();
    dispatcher.submitOnce(
        Submissions.sync(node.id()).withAsync().make(id),
        key,
        BODY,
        new KeyedWaiter() {
          @Override
          public void known(InvocationId before) {
            stands.complete(before);
          }

          @Override
          public void otherBody(InvocationId before) {
            stands.completeExceptionally(new AssertionError("another body"));
          }

          @Override
          public void admitted(Reply.Admission admission) {
            stands.complete(id);
          }

          @Override
          public void uncertain(String why) {
            stands.completeExceptionally(new AssertionError(why));
          }

          @Override
          public void ended(InvocationRecord invocation) {}
        });
    return stands;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return get(future.toCompletionStage().toCompletableFuture());
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
  }
}
