package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

/** The cluster of {@code docker-compose.yml} on a real engine; one after the other. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ContainersIT {
  private static final int ITEMS = 10_000;

  @TempDir static Path home;

  private static Compose cluster;

  @BeforeAll
  static void startCluster() {
    assumeThat(Compose.missing()).as("a container engine and compose").isEmpty();
    cluster = Compose.up(home, 2);
  }

  @AfterAll
  static void leaveNothingBehind() {
    if (cluster != null) {
      cluster.close();
      assertThat(cluster.left()).as("containers, networks and volumes").isEmpty();
    }
  }

  @Test
  @Order(1)
  void whatIsDeployedThroughTheOnePortIsCalledThroughIt() {
    var deployed = cluster.fanfare("deploy", examples().toString());
    assertThat(deployed.exit()).as(deployed.err()).isZero();

    var called = cluster.fanfare("invoke", "hello", "-d", "\"Ada\"");
    assertThat(called.exit()).as(called.err()).isZero();
    assertThat(called.out()).isEqualTo("Hello, Ada!");
  }

  @Test
  @Order(2)
  void aBurstOfTenThousandIsWholeAlthoughASchedulerIsKilled() throws IOException {
    Path items =
        Files.writeString(
            home.resolve("items"),
            IntStream.range(0, ITEMS)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining("\n")));
    var burst =
        CompletableFuture.supplyAsync(
            () -> cluster.fanfare("map", "echo-json", "--items", items.toString()));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                burst.isDone()
                    || cluster.fanfare("invocations", "-o", "ndjson").out().contains("echo-json"));
    cluster.kill("scheduler-3");

    var ended = burst.join();
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.out().lines()).hasSize(ITEMS);
    cluster.replace("scheduler-3");
  }

  @Test
  @Order(3)
  void callersGoOnWhenAGatewayIsCutOffItsNetwork() throws InterruptedException {
    try (var client = RetryingClient.start(cluster.url(), cluster.key())) {
      awaitCalls(client, 20);
      cluster.cutOff("gateway-1");
      awaitCalls(client, client.answered() + 50);
      cluster.kill("gateway-1");
      cluster.replace("gateway-1");
      awaitCalls(client, client.answered() + 20);
      assertThat(client.failed()).isEmpty();
    }
  }

  @Test
  @Order(4)
  void workersAreScaledUpAndDownUnderLoad() throws InterruptedException {
    try (var client = RetryingClient.start(cluster.url(), cluster.key())) {
      cluster.scale(3);
      awaitCalls(client, client.answered() + 20);
      cluster.scale(1);
      awaitCalls(client, client.answered() + 20);
      assertThat(client.failed()).isEmpty();
    }
  }

  @Test
  @Order(5)
  void everyContainerIsReplacedWithoutAFailedCall() throws InterruptedException {
    try (var client = RetryingClient.start(cluster.url(), cluster.key())) {
      for (String node : Compose.NODES) {
        cluster.replace(node);
      }
      cluster.replace("door");
      cluster.replace("worker");
      awaitCalls(client, client.answered() + 50);
      assertThat(client.failed()).isEmpty();
    }
  }

  @Test
  @Order(6)
  void oneContainerIsAWholePlatformUnderAReadOnlyRoot() {
    try (var platform = new GenericContainer<>(DockerImageName.parse(cluster.image()))) {
      platform
          .withCommand("up", "--host", "0.0.0.0", "--insecure")
          .withExposedPorts(8080)
          .withTmpFs(Map.of("/tmp", "exec", "/data", "mode=0777"))
          .withCreateContainerCmdModifier(
              command -> command.getHostConfig().withReadonlyRootfs(true))
          .waitingFor(
              Wait.forHttp("/readyz").forPort(8080).withStartupTimeout(Duration.ofMinutes(3)))
          .start();

      assertThat(platform.getContainerInfo().getConfig().getUser()).isEqualTo("10001:10001");
    }
  }

  @Test
  @Order(7)
  void aFunctionThatDemandsAContainerIsConfinedToOneUntilItsTimeIsUp() throws IOException {
    Path own = Files.createDirectories(home.resolve("isolated"));
    Path worker = own.resolve("platform").resolve("worker");
    try (var platform = Platform.up(own, "--container-image", cluster.image())) {
      platform.deploy(TestJar.of(own, "Confined", CONFINED));

      assertThat(platform.call("confined", "").body()).isEqualTo("\"[lo] read-only\"");
      List<String> warm = Compose.functionContainers(worker);
      assertThat(warm).hasSize(1);
      assertThat(platform.call("confined", "").statusCode()).isEqualTo(200);
      assertThat(Compose.functionContainers(worker)).as("the warm one").isEqualTo(warm);

      assertThat(platform.call("stuck", "").statusCode()).isEqualTo(504);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> Compose.functionContainers(worker).size() <= 1);
      platform.process().kill();
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(Compose.functionContainers(worker)).isEmpty());
  }

  private static final String CONFINED =
      """
      import dev.fanfare.function.Fn;
      import dev.fanfare.function.Isolation;
      import java.io.IOException;
      import java.net.NetworkInterface;
      import java.nio.file.Files;
      import java.nio.file.Path;

      public class Confined {
        @Fn(isolation = Isolation.CONTAINER)
        public String confined() throws IOException {
          var networks = NetworkInterface.networkInterfaces().map(NetworkInterface::getName).toList();
          try {
            Files.createFile(Path.of("/written"));
            return networks + " writable";
          } catch (IOException e) {
            return networks + " read-only";
          }
        }

        @Fn(isolation = Isolation.CONTAINER, timeout = "3s", retries = 0)
        public void stuck() {
          while (true) Thread.onSpinWait();
        }
      }
      """;

  private static void awaitCalls(RetryingClient client, int answered) {
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> !client.failed().isEmpty() || client.answered() >= answered);
  }

  private static Path examples() {
    try (Stream<Path> files = Files.list(Launcher.root().resolve("examples/target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("examples-[^-]+(-SNAPSHOT)?\\.jar"))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
