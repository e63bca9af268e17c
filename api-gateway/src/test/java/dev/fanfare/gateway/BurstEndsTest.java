package dev.fanfare.gateway;

import static dev.fanfare.gateway.BurstScene.SOON;
import static dev.fanfare.gateway.BurstScene.payload;
import static dev.fanfare.gateway.BurstScene.text;
import static java.util.stream.IntStream.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.client.Burst;
import dev.fanfare.client.BurstFailed;
import dev.fanfare.client.BurstNotEnded;
import dev.fanfare.client.BurstOptions;
import dev.fanfare.client.CallOptions;
import dev.fanfare.client.Ended;
import dev.fanfare.client.Ended.Failed;
import dev.fanfare.client.Ended.Value;
import dev.fanfare.client.Fanfare;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.session.ScriptedWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Waiting for some of a burst, reducing it, cancelling it, running its tail again. */
@Timeout(60)
class BurstEndsTest {
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
  void reduceCombinesAllValues() {
    assertThat(fanfare.map(range(0, 10_000), n -> n % 977).reduce(0, Math::max)).isEqualTo(976);
  }

  @Test
  void reduceUntilStopsEarlyAndCancelsTheRest() {
    var taken = new AtomicInteger();
    Stream<Integer> endless = Stream.generate(taken::incrementAndGet);
    Burst<Integer> burst = fanfare.map(endless, n -> 1);

    assertThat(burst.reduceUntil(0, Integer::sum, sum -> sum >= 5_000)).isEqualTo(5_000);

    await().until(() -> burst.progress().ended());
    int then = taken.get();
    await().during(Duration.ofMillis(300)).until(() -> taken.get() - then < 2);
  }

  @Test
  void anyIsTheFirstThatSucceeds() {
    try (Burst<Integer> burst = fanfare.function("odd", Integer.class).map(List.of(0, 2, 7, 4))) {
      assertThat(burst.any(SOON)).isEqualTo(7);
    }
    try (Burst<Integer> burst = fanfare.function("odd", Integer.class).map(List.of(0, 2))) {
      assertThatThrownBy(() -> burst.any(SOON)).isInstanceOf(BurstFailed.class);
    }
  }

  @Test
  void aFractionIsEnough() {
    try (Burst<Integer> burst = fanfare.function("nine-waits", Integer.class).map(range(0, 10))) {
      assertThat(burst.fraction(0.9, SOON)).hasSize(9);
      await().until(() -> scene.worker.leases().stream().anyMatch(BurstScene::isNine));
      scene.worker.finish(
          scene.worker.leases().stream().filter(BurstScene::isNine).findFirst().orElseThrow(),
          new Outcome.Success(payload("9")));

      assertThat(burst.all(SOON)).hasSize(10);
    }
  }

  @Test
  void aWaitThatIsOverKeepsWhatEndedForTheNext() {
    int before = scene.worker.leases().size();
    try (Burst<Integer> burst = fanfare.function("never", Integer.class).map(List.of(5))) {
      assertThatThrownBy(() -> burst.all(Duration.ofMillis(50))).isInstanceOf(BurstNotEnded.class);
      await().until(() -> scene.worker.leases().size() > before);
      scene.worker.finish(scene.worker.leases().get(before), new Outcome.Success(payload("6")));

      assertThat(burst.all(SOON)).containsExactly(new Value<>(0, 6));
    }
  }

  @Test
  void cancelEndsEveryItemAndFreesTheWorkerAtOnce() {
    int before = scene.worker.leases().size();
    Burst<Integer> burst = fanfare.function("never", Integer.class).map(range(0, 1_000));
    await().until(() -> scene.worker.leases().size() > before);

    burst.cancel();
    burst.cancel();

    List<Ended<Integer>> all = burst.all(SOON);
    assertThat(all)
        .isNotEmpty()
        .allSatisfy(
            ended -> assertThat(((Failed<Integer>) ended).failure().code()).isEqualTo("cancelled"));
    assertThat(burst.progress().cancelled()).isEqualTo(all.size());
    assertThat(scene.worker.heard(dev.fanfare.frame.Frame.Revoke.class)).isNotEmpty();
    giveBackRoom(before);
  }

  @Test
  void theSlowTailRunsAgainOnAnotherWorkerIfAllowedAndEndsOnce() throws Exception {
    var tortoise = new AtomicReference<String>();
    ScriptedWorker first = racer("s1", tortoise);
    ScriptedWorker second = racer("s2", tortoise);
    CallOptions racers = CallOptions.NONE.withConstraints("race");
    try (Burst<Integer> burst =
        fanfare
            .function("tortoise", Integer.class)
            .map(range(0, 100), BurstOptions.DEFAULT.withRerunSlow(true).withCall(racers))) {
      assertThat(burst.all(SOON))
          .hasSize(100)
          .allSatisfy(ended -> assertThat(ended).isInstanceOf(Value.class));
      assertThat(burst.progress().rerun()).isEqualTo(1);
      ScriptedWorker slow = "s1".equals(tortoise.get()) ? first : second;
      await().until(() -> !slow.heard(dev.fanfare.frame.Frame.Revoke.class).isEmpty());
    } finally {
      first.cut();
      second.cut();
    }
  }

  /** The scripted worker gives credit only for what it answers. */
  private static void giveBackRoom(int before) {
    int revoked = scene.worker.leases().size() - before;
    scene.worker.send(new dev.fanfare.frame.Frame.Credit(revoked, List.of()));
  }

  private static ScriptedWorker racer(String name, AtomicReference<String> tortoise) {
    return scene.platform.worker(
        name, Map.of("worker", name, "race", "yes"), lease -> slowOnce(lease, name, tortoise));
  }

  /** The first worker that gets item 7 never ends it. */
  private static Optional<Outcome> slowOnce(
      Lease lease, String name, AtomicReference<String> tortoise) {
    boolean seven = text(lease).equals("7");
    return seven && tortoise.compareAndSet(null, name) ? Optional.empty() : TestGateway.echo(lease);
  }
}
