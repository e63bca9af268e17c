package dev.fanfare.gateway;

import static dev.fanfare.gateway.BurstScene.DEADLY;
import static dev.fanfare.gateway.BurstScene.SOON;
import static java.util.stream.IntStream.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.client.Burst;
import dev.fanfare.client.BurstFailed;
import dev.fanfare.client.BurstOptions;
import dev.fanfare.client.Ended;
import dev.fanfare.client.Ended.Failed;
import dev.fanfare.client.Ended.Value;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.FunctionFailed;
import dev.fanfare.client.Refused;
import dev.fanfare.client.Tally;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Items of bursts that fail, each for itself. */
@Timeout(60)
class BurstFailuresTest {
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
  void oneBadItemFailsOneItem() {
    try (Burst<Integer> burst = fanfare.map(List.of(4, 0, 2), n -> 100 / n)) {
      List<Ended<Integer>> all = burst.all(SOON);

      assertThat(all).hasSize(3);
      assertThat(((Value<Integer>) all.get(0)).value()).isEqualTo(25);
      assertThat(((Value<Integer>) all.get(2)).value()).isEqualTo(50);
      FunctionFailed failure = ((Failed<Integer>) all.get(1)).failure();
      assertThat(failure.code()).isEqualTo("user-fault");
      assertThat(failure.type()).isEqualTo("java.lang.ArithmeticException");
      assertThat(failure.remoteMessage()).isEqualTo("/ by zero");
      assertThat(failure.worker()).contains("w1");
      assertThat(failure.attempt()).isEqualTo(1);
    }
  }

  @Test
  void failuresInsideChunksAreTheirItemsAlone() {
    try (Burst<Integer> burst =
        fanfare.map(range(0, 1_000), n -> n / (n % 10), BurstOptions.DEFAULT.withChunk(64))) {
      Tally tally = burst.tally();

      assertThat(tally.failed()).isEqualTo(100);
      assertThat(tally.succeeded()).isEqualTo(900);
      assertThat(tally.failures()).allMatch(failed -> failed.index() % 10 == 0);
    }
  }

  @Test
  void anItemThatKillsItsRuntimeFailsAloneAndTheOthersOfItsChunkRunAgain() {
    try (Burst<Integer> burst =
        fanfare.map(range(DEADLY - 50, DEADLY + 50), n -> n, BurstOptions.DEFAULT.withChunk(20))) {
      List<Ended<Integer>> all = burst.all(SOON);

      assertThat(all).hasSize(100);
      assertThat(all.stream().filter(Failed.class::isInstance).toList())
          .singleElement()
          .satisfies(
              failed -> {
                assertThat(failed.index()).isEqualTo(50);
                assertThat(((Failed<Integer>) failed).failure().code()).isEqualTo("crashed");
              });
    }
  }

  @Test
  void aFailedItemOfADeployedFunctionTellsItsCode() {
    try (Burst<Integer> burst = fanfare.function("odd", Integer.class).map(range(0, 100))) {
      assertThatThrownBy(burst::values)
          .isInstanceOfSatisfying(
              BurstFailed.class,
              failed -> {
                assertThat(failed.count()).isEqualTo(50);
                assertThat(failed.failures().get(0).failure().code()).isEqualTo("crashed");
              })
          .hasMessageContaining("50 of 100 items");
    }
  }

  @Test
  void anItemThatCannotBeWrittenFailsAlone() {
    List<Object> items = List.of(1, new Object(), 3);
    try (Burst<Integer> burst = fanfare.map(items, Object::hashCode)) {
      List<Ended<Integer>> all = burst.all(SOON);

      assertThat(all).hasSize(3);
      assertThat(((Failed<Integer>) all.get(1)).failure())
          .hasMessageContaining("java.lang.Object")
          .hasMessageContaining("not serialisable");
    }
  }

  @Test
  void whatTheSourceThrowsIsThrownHere() {
    Stream<Integer> source =
        IntStream.range(0, 100)
            .mapToObj(
                n -> {
                  if (n == 50) {
                    throw new IllegalStateException("the file ended");
                  }
                  return n;
                });
    try (Burst<Integer> burst = fanfare.map(source, n -> n)) {
      assertThatThrownBy(() -> burst.stream().count())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the file ended");
      await().until(() -> burst.progress().ended());
    }
  }

  @Test
  void aFunctionThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> fanfare.function("nobody", Integer.class).map(List.of(1)))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo("no-such-function"));
  }
}
