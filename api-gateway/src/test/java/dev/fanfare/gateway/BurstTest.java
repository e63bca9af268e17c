package dev.fanfare.gateway;

import static dev.fanfare.gateway.BurstScene.SOON;
import static java.util.stream.IntStream.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.client.Burst;
import dev.fanfare.client.BurstOptions;
import dev.fanfare.client.Ended;
import dev.fanfare.client.Ended.Value;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.Refused;
import dev.fanfare.client.Tally;
import dev.fanfare.shipping.Shippable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client's bursts: every item ends once, whoever takes the results. */
@Timeout(60)
class BurstTest {
  static BurstScene scene;
  static Fanfare fanfare;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    scene = new BurstScene(folder);
    fanfare = scene.fanfare;
  }

  @AfterAll
  static void stop() throws Exception {
    scene.close();
  }

  @Test
  void aHundredThousandItemsOfADeployedFunctionEndOnceEach() {
    int count = 100_000;
    var seen = new BitSet(count);
    try (Burst<Integer> burst = fanfare.function("echo", Integer.class).map(range(0, count))) {
      burst
          .asCompleted()
          .forEach(
              ended -> {
                assertThat(ended).isInstanceOf(Value.class);
                assertThat(((Value<Integer>) ended).value()).isEqualTo((int) ended.index());
                assertThat(seen.get((int) ended.index())).isFalse();
                seen.set((int) ended.index());
              });
      assertThat(seen.cardinality()).isEqualTo(count);
      assertThat(burst.progress().succeeded()).isEqualTo(count);
      assertThat(burst.progress().ended()).isTrue();
    }
  }

  @Test
  void aHundredThousandItemsOfALambdaEndOnceEach() {
    int count = 100_000;
    int offset = 7;
    try (Burst<Integer> burst = fanfare.map(range(0, count), n -> n + offset)) {
      long sum = 0;
      for (int value : burst) {
        sum += value;
      }
      assertThat(sum).isEqualTo((long) count * (count - 1) / 2 + (long) count * offset);
      var progress = burst.progress();
      assertThat(progress.succeeded()).isEqualTo(count);
      assertThat(progress.chunk()).as("items that share an invocation").isGreaterThan(1);
    }
  }

  @Test
  void orderedResultsComeInTheOrderOfTheItems() {
    try (Burst<Integer> burst = fanfare.map(range(0, 20_000), n -> -n)) {
      Iterator<Ended<Integer>> results = burst.ordered().iterator();
      for (int i = 0; i < 20_000; i++) {
        assertThat(((Value<Integer>) results.next()).value()).isEqualTo(-i);
      }
      assertThat(results.hasNext()).isFalse();
    }
  }

  @Test
  void itemsAreTakenFromTheirSourceOnlyAsResultsAreTaken() {
    var taken = new AtomicInteger();
    Stream<Integer> endless = Stream.generate(taken::incrementAndGet);
    try (Burst<Integer> burst =
        fanfare.map(endless, n -> n, BurstOptions.DEFAULT.withMostInFlight(50))) {
      Iterator<Integer> results = burst.iterator();
      for (int i = 0; i < 1_000; i++) {
        results.next();
        assertThat(taken.get()).isLessThanOrEqualTo(i + 1 + 2 * 50);
      }
    }
  }

  @Test
  void aReaderThatStopsHoldsALargeBurstWithoutFillingMemory() {
    try (Burst<String> burst = fanfare.function("large", String.class).map(range(0, 100_000))) {
      Iterator<String> results = burst.iterator();
      assertThat(results.next()).hasSize(20_000);

      await()
          .during(Duration.ofSeconds(1))
          .atMost(SOON)
          .until(() -> burst.progress().submitted() < 10_000);
    }
  }

  @Test
  void aFixedChunkSizeIsKept() {
    try (Burst<Integer> burst =
        fanfare.map(range(0, 500), n -> n, BurstOptions.DEFAULT.withChunk(1))) {
      assertThat(burst.values()).hasSize(500);
      assertThat(burst.progress().chunk()).isEqualTo(1);
    }
  }

  @Test
  void aBurstWithoutItemsEnds() {
    assertThat(fanfare.map(List.<Integer>of(), n -> n).values()).isEmpty();
    assertThat(fanfare.function("echo", Integer.class).map(List.of()).values()).isEmpty();
  }

  @Test
  void pairsAreSpreadOverTwoArguments() {
    Map<String, Integer> pairs = Map.of("a", 1, "b", 2);

    assertThat(fanfare.starmap(pairs.entrySet(), (String s, Integer n) -> s + n).values())
        .containsExactlyInAnyOrder("a1", "b2");
  }

  @Test
  void largeResultsAndItemsTravelToo() {
    try (Burst<byte[]> burst =
        fanfare.map(
            List.of(new byte[300_000], new byte[10]), bytes -> new byte[bytes.length * 2])) {
      assertThat(burst.values()).extracting(bytes -> bytes.length).containsExactly(600_000, 20);
    }
  }

  @Test
  void aResultTooLargeForTheSocketIsFetched() {
    List<String> values = fanfare.function("huge", String.class).map(List.of(1)).values();

    assertThat(values.get(0)).hasSize(9 << 20);
  }

  @Test
  void forEachRunsForItsEffectAndCounts() {
    Tally tally = fanfare.forEach(List.of(1, 2, 3), n -> System.setProperty("for-each-" + n, ""));

    assertThat(tally.succeeded()).isEqualTo(3);
    assertThat(System.getProperties()).containsKeys("for-each-1", "for-each-2", "for-each-3");
  }

  @Test
  void aSubmittedBurstGoesOnWithoutItsClientAndAnotherAttaches() {
    Burst<Integer> submitted =
        fanfare.submitAll(range(0, 5_000).boxed().toList(), (Integer n) -> n * 2);
    submitted.close();

    try (Fanfare other = Fanfare.connect(scene.platform.uri(""), scene.platform.admin);
        Burst<Integer> attached =
            other.attach(submitted.id(), (Shippable<Integer, Integer>) n -> n * 2)) {
      List<Integer> values = attached.values();
      assertThat(values).hasSize(5_000);
      assertThat(values.get(4_999)).isEqualTo(9_998);
      assertThat(attached.dropped()).isZero();
    }
  }

  @Test
  void anotherClientSeesTheResultsOfADeployedFunctionsBurst() {
    try (Burst<Integer> burst = fanfare.function("echo", Integer.class).map(range(0, 3_000))) {
      assertThat(burst.values()).hasSize(3_000);

      assertThat(fanfare.attach(burst.id(), Integer.class).values()).hasSize(3_000);
      assertThatThrownBy(() -> fanfare.attach("0".repeat(26), Integer.class))
          .isInstanceOf(Refused.class);
    }
  }

  @Test
  void aClientThatClosesCancelsItsBursts() {
    String id;
    try (Fanfare other = Fanfare.connect(scene.platform.uri(""), scene.platform.admin)) {
      id = other.function("never", Integer.class).map(range(0, 10)).id();
    }
    int before = scene.worker.leases().size();
    await()
        .until(
            () ->
                TestGateway.json(scene.platform.get("/v1/bursts/" + id))
                    .get("state")
                    .textValue()
                    .equals("ENDED"));
    assertThat(scene.worker.leases()).hasSizeGreaterThanOrEqualTo(before);
    scene.worker.send(new dev.fanfare.frame.Frame.Credit(10, List.of()));
  }
}
