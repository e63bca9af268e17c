package dev.fanfare.blackbox;

import static java.util.stream.IntStream.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.client.Burst;
import dev.fanfare.client.Ended;
import dev.fanfare.client.Fanfare;
import dev.fanfare.history.Bounds;
import dev.fanfare.history.Checker;
import dev.fanfare.history.Evidence;
import dev.fanfare.history.History;
import dev.fanfare.history.PlatformWord;
import dev.fanfare.history.RecordingClient;
import dev.fanfare.history.RecordingFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.BitSet;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The cluster of {@code docker-compose.yml} on a real engine, one for all tests, which come in
 * order: clients call it on and on while its containers are lost, cut off and replaced, and at last
 * the history of what they saw keeps every promise.
 */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ContainersIT {
  private static final int ITEMS = 10_000;
  private static final int STRUCK_AT = 1_000;
  private static final long MOST_BYTES = 150_000_000;
  private static final Duration LONGEST_QUIET = Duration.ofSeconds(60);
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final Duration LONGEST_START = Duration.ofMinutes(1);

  @TempDir static Path home;

  private static Compose cluster;
  private static RecordingFunction function;
  private static History history;
  private static MixedLoad load;
  private static RetryingClient steady;

  @BeforeAll
  static void startCluster() throws IOException {
    assumeThat(Compose.missing()).as("a container engine and compose").isEmpty();
    Path executions = Files.createDirectory(home.resolve("executions"));
    Files.setPosixFilePermissions(executions, PosixFilePermissions.fromString("rwxrwxrwx"));
    function = new RecordingFunction(executions);
    history = new History(home.resolve("history"));
    cluster = Compose.up(home, executions, 2);
  }

  @AfterAll
  static void leaveNothingBehind() {
    if (cluster != null) {
      try {
        endLoad();
        history.close();
      } finally {
        cluster.close();
      }
      assertThat(cluster.left()).as("on the engine").isEmpty();
    }
  }

  @Test
  @Order(1)
  void theImageThatNeededNoRegistryIsSmallAndItsUserHasNoRights() {
    var image = cluster.engine().inspectImageCmd(cluster.image()).exec();

    assertThat(image.getSize()).isBetween(MOST_BYTES / 2, MOST_BYTES);
    assertThat(image.getConfig().getUser()).isEqualTo("10001:10001");
    assertThat(cluster.running()).as("5 nodes, the door, 2 workers").hasSize(8);
  }

  @Test
  @Order(2)
  void whatIsDeployedThroughTheOnePortIsCalledThroughIt() {
    cluster.fanfare("deploy", Platform.examplesJar().toString());
    cluster.fanfare(
        "deploy", TestJar.of(home, RecordingFunction.CLASS, function.source()).toString());

    assertThat(cluster.fanfare("invoke", "hello", "-d", "\"Ada\"")).isEqualTo("Hello, Ada!");

    steady = RetryingClient.start(client(), history);
    load = MixedLoad.start(client(), history, 2, 250, 1);
    awaitCalls(10);
  }

  @Test
  @Order(3)
  void aBurstOfTenThousandIsWholeAlthoughASchedulerIsKilled() {
    try (Fanfare fanfare = Fanfare.connect(cluster.url(), cluster.key());
        Burst<Integer> burst =
            fanfare.map(
                range(0, ITEMS),
                n -> {
                  LockSupport.parkNanos(1_000_000);
                  return n;
                })) {
      assertThat(endedOnce(burst, () -> lose("scheduler-3"))).isEqualTo(ITEMS);
    }
    cluster.replace("scheduler-3");
  }

  @Test
  @Order(4)
  void callersGoOnWhenAGatewayIsCutOffItsNetwork() {
    history.fault(History.NODE_DEATH, "gateway-1 is cut off");
    cluster.cutOff("gateway-1");

    awaitCalls(30);

    lose("gateway-1");
    cluster.replace("gateway-1");
  }

  @Test
  @Order(5)
  void workersAreScaledUpAndDown() {
    cluster.scale(3);
    awaitCalls(10);

    history.fault("worker", "scaled down");
    cluster.scale(1);

    awaitCalls(10);
  }

  @Test
  @Order(6)
  void everyContainerIsReplacedWithoutAFailedCall() {
    cluster.awaitHealthy();
    for (String node : Compose.NODES) {
      history.fault(History.NODE_DEATH, node + " is replaced");
      cluster.replace(node);
      cluster.awaitReady(node);
    }
    history.fault("door", "is replaced");
    cluster.replace("door");
    history.fault("worker", "is replaced");
    cluster.replace("worker");

    awaitCalls(30);
    assertThat(cluster.running()).as("5 nodes, the door, a worker").hasSize(7);
  }

  @Test
  @Order(7)
  void theHistoryOfAllThatKeepsEveryPromise() {
    assertThat(load).as("the load").isNotNull();
    endLoad();
    assertThat(steady.failed()).as("calls of a client that retries").isEmpty();
    try (var word = new PlatformWord(cluster.gateways(), cluster.key())) {
      Evidence evidence = word.evidence(history, function, LONGEST_QUIET);
      System.out.printf(
          "%d events, %d executions, %d calls under keys%n",
          evidence.events().size(), evidence.executions().size(), steady.answered());
      assertThat(evidence.executions()).hasSizeGreaterThan(steady.answered());
      Checker.check(evidence, Bounds.DEFAULT);
    }
  }

  @Test
  @Order(8)
  void oneContainerIsAWholePlatformUnderAReadOnlyRoot() {
    try (var platform = new GenericContainer<>(DockerImageName.parse(cluster.image()))) {
      platform
          .withCommand("up", "--host", "0.0.0.0", "--insecure")
          .withExposedPorts(8080)
          .withTmpFs(Map.of("/tmp", "exec", "/data", "uid=10001,gid=10001"))
          .withCreateContainerCmdModifier(
              command -> command.getHostConfig().withReadonlyRootfs(true))
          .waitingFor(Wait.forHttp("/readyz").forPort(8080).withStartupTimeout(LONGEST_START))
          .start();

      assertThat(platform.getContainerInfo().getHostConfig().getReadonlyRootfs()).isTrue();
    }
  }

  private static RecordingClient client() {
    return new RecordingClient(history, cluster::url, cluster.key());
  }

  private static void lose(String node) {
    history.fault(History.NODE_DEATH, node + " is killed");
    cluster.kill(node);
  }

  /** Waits until so many calls more are answered, and insists that none failed. */
  private static void awaitCalls(int more) {
    int enough = steady.answered() + more;
    await(more + " calls")
        .atMost(LONGEST)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !steady.failed().isEmpty() || steady.answered() >= enough);
    assertThat(steady.failed()).isEmpty();
  }

  private static void endLoad() {
    if (load != null) {
      load.stop();
      load.close();
      steady.close();
    }
  }

  /** How many results there are, each index once, each right; the loss comes among them. */
  private static int endedOnce(Burst<Integer> burst, Runnable loss) {
    var seen = new BitSet(ITEMS);
    try (Stream<Ended<Integer>> results = burst.asCompleted()) {
      for (Iterator<Ended<Integer>> all = results.iterator(); all.hasNext(); ) {
        Ended<Integer> result = all.next();
        int index = (int) result.index();
        assertThat(result).isInstanceOf(Ended.Value.class);
        assertThat(((Ended.Value<Integer>) result).value()).isEqualTo(index);
        assertThat(seen.get(index)).as("index %s", index).isFalse();
        seen.set(index);
        if (seen.cardinality() == STRUCK_AT) {
          loss.run();
        }
      }
    }
    return seen.cardinality();
  }
}
