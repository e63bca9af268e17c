package dev.fanfare.blackbox;

import static java.util.stream.IntStream.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.client.Burst;
import dev.fanfare.client.Ended;
import dev.fanfare.client.Fanfare;
import dev.fanfare.shipping.Shippable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A burst that was submitted to be left alone: it goes on whatever becomes of the gateway that took
 * it, and is read anywhere.
 */
@Timeout(240)
class SubmittedBurstIT {
  private static final int COUNT = 10_000;
  private static final Shippable<Integer, Integer> SLOW_TWICE =
      n -> {
        long end = System.nanoTime() + 500_000;
        while (System.nanoTime() < end) {
          Thread.onSpinWait();
        }
        return 2 * n;
      };

  @TempDir Path home;

  @Test
  void goesOnWhenTheGatewayThatTookItIsKilledAndIsReadAtAnother() {
    try (var cluster = Cluster.start(home, 3)) {
      String token = Workers.joinToken(cluster.node(1));
      try (var one = cluster.worker(token, "one");
          var two = cluster.worker(token, "two");
          Fanfare submitter = Fanfare.connect(urls(cluster), cluster.node(0).key());
          Fanfare reader = Fanfare.connect(cluster.node(1).url(), cluster.node(0).key())) {
        Workers.awaitCount(cluster.node(0), 2);

        Burst<Integer> submitted =
            submitter.submitAll(range(0, COUNT).boxed().toList(), SLOW_TWICE);
        String id = submitted.id();
        awaitResults(cluster.node(2), id);
        try (Burst<Integer> attached = reader.attach(id, SLOW_TWICE)) {
          cluster.kill(0);

          assertEachEndedOnce(attached);
        }
        assertEachEndedOnce(submitted);
        assertThat(progress(cluster.node(2), id).get("succeeded").asInt()).isEqualTo(COUNT);
        assertThat(one.handle().isAlive() && two.handle().isAlive()).isTrue();
      }
    }
  }

  @Test
  void goesOnWhenTheWholePlatformIsKilledAndStartedAgain() {
    Platform first = Platform.up(home);
    String id;
    try (Fanfare fanfare = Fanfare.connect(first.url(), first.key())) {
      id = fanfare.submitAll(range(0, COUNT).boxed().toList(), SLOW_TWICE).id();
      awaitResults(first, id);
      first.process().kill();
    } finally {
      first.close();
    }
    try (Platform second = Platform.up(home);
        Fanfare fanfare = Fanfare.connect(second.url(), second.key());
        Burst<Integer> attached = fanfare.attach(id, SLOW_TWICE)) {
      assertEachEndedOnce(attached);
    }
  }

  @Test
  void anyGatewayTellsOfABurstThatAnotherOneRuns() {
    try (var cluster = Cluster.start(home, 2)) {
      cluster.node(0).deploy(Platform.examplesJar());
      String token = Workers.joinToken(cluster.node(0));
      try (var worker = cluster.worker(token, "one");
          Fanfare fanfare = Fanfare.connect(cluster.node(0).url(), cluster.node(0).key());
          Fanfare elsewhere = Fanfare.connect(cluster.node(1).url(), cluster.node(0).key());
          Burst<Integer> burst =
              fanfare.function("echo-json", Integer.class).map(range(0, 1_000))) {
        assertThat(burst.values()).hasSize(1_000);
        Platform other = cluster.node(1);

        assertThat(progress(other, burst.id()).get("succeeded").asInt()).isEqualTo(1_000);
        assertThat(elsewhere.attach(burst.id(), Integer.class).values())
            .hasSize(1_000)
            .contains(0, 999);
        assertThat(Platform.json(other.get("/v1/bursts")).toString()).contains(burst.id());
        assertThat(other.get("/v1/bursts/" + burst.id() + "/timeline.svg").body()).contains("<svg");
        assertThat(worker.handle().isAlive()).isTrue();
      }
    }
  }

  private static List<URI> urls(Cluster cluster) {
    return Stream.of(cluster.urls().split(",", -1)).map(URI::create).toList();
  }

  /** Some results are there, and most are not. */
  private static void awaitResults(Platform platform, String id) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> progress(platform, id).at("/results/kept").asInt() > 200);
    assertThat(progress(platform, id).get("state").asText()).isEqualTo("RUNNING");
  }

  private static JsonNode progress(Platform platform, String id) {
    return Platform.json(platform.get("/v1/bursts/" + id));
  }

  private static void assertEachEndedOnce(Burst<Integer> burst) {
    var seen = new BitSet(COUNT);
    try (Stream<Ended<Integer>> results = burst.asCompleted()) {
      results.forEach(
          result -> {
            assertThat(result).isInstanceOf(Ended.Value.class);
            assertThat(((Ended.Value<Integer>) result).value()).isEqualTo(2 * (int) result.index());
            assertThat(seen.get((int) result.index())).as("index %s", result.index()).isFalse();
            seen.set((int) result.index());
          });
    }
    assertThat(seen.cardinality()).isEqualTo(COUNT);
  }
}
