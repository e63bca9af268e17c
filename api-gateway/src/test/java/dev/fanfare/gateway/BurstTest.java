package dev.fanfare.gateway;

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
import dev.fanfare.client.FunctionFailed;
import dev.fanfare.client.Refused;
import dev.fanfare.client.Tally;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shipping.Shippable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client's bursts against a whole gateway and a worker that does as it is told. */
@Timeout(60)
class BurstTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** The worker's runtime dies of this item. */
  private static final int DEADLY = 1_066_613;

  @TempDir static Path folder;
  static TestGateway platform;
  static ScriptedWorker worker;
  static ShippedCode shipped;
  static Fanfare fanfare;

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("echo", "odd", "never", "nine-waits", "tortoise", "large", "huge");
    shipped = new ShippedCode(platform);
    worker = platform.worker("w1", BurstTest::run);
    fanfare = Fanfare.connect(platform.uri(""), platform.admin);
  }

  @AfterAll
  static void stop() throws Exception {
    fanfare.close();
    worker.cut();
    platform.close();
  }

  private static Optional<Outcome> run(Lease lease) {
    return switch (lease.function().value()) {
      case "shipped" ->
          carries(lease, DEADLY)
              ? Optional.of(Outcome.Failure.of(FailureCode.CRASHED, "the runtime died"))
              : shipped.run(lease);
      case "never" -> Optional.empty();
      case "nine-waits" -> isNine(lease) ? Optional.empty() : TestGateway.echo(lease);
      case "large" -> TestGateway.json("\"" + "x".repeat(20_000) + "\"");
      case "huge" -> {
        byte[] body = ("\"" + "x".repeat(9 << 20) + "\"").getBytes(StandardCharsets.UTF_8);
        var hash = platform.node.blobs().put(body);
        yield Optional.of(
            new Outcome.Success(new Payload.Blob("application/json", hash, body.length)));
      }
      case "odd" ->
          Integer.parseInt(text(lease)) % 2 == 0
              ? Optional.of(Outcome.Failure.of(FailureCode.CRASHED, "even " + text(lease)))
              : TestGateway.echo(lease);
      default -> TestGateway.echo(lease);
    };
  }

  /** Whether the number is among the items of a shipped lambda's request. */
  private static boolean carries(Lease lease, int number) {
    if (!(lease.payload() instanceof Payload.Inline inline)) {
      return false;
    }
    ByteBuffer in = ByteBuffer.wrap(inline.bytes());
    in.position(in.position() + 4 + in.getInt(in.position()));
    while (in.hasRemaining()) {
      byte[] item = new byte[in.getInt()];
      in.get(item);
      if (item.length == 5 && item[0] == 'i' && ByteBuffer.wrap(item, 1, 4).getInt() == number) {
        return true;
      }
    }
    return false;
  }

  private static String text(Lease lease) {
    return new String(((Payload.Inline) lease.payload()).bytes(), StandardCharsets.UTF_8);
  }

  // ---- all of them, once each ----

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

  // ---- partial failure ----

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

  // ---- futures, reduce, cancel ----

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
      await().until(() -> worker.leases().stream().anyMatch(BurstTest::isNine));
      worker.finish(
          worker.leases().stream().filter(BurstTest::isNine).findFirst().orElseThrow(),
          new Outcome.Success(payload("9")));

      assertThat(burst.all(SOON)).hasSize(10);
    }
  }

  private static boolean isNine(Lease lease) {
    return lease.function().value().equals("nine-waits") && text(lease).equals("9");
  }

  @Test
  void aWaitThatIsOverKeepsWhatEndedForTheNext() {
    int before = worker.leases().size();
    try (Burst<Integer> burst = fanfare.function("never", Integer.class).map(List.of(5))) {
      assertThatThrownBy(() -> burst.all(Duration.ofMillis(50))).isInstanceOf(BurstNotEnded.class);
      await().until(() -> worker.leases().size() > before);
      worker.finish(worker.leases().get(before), new Outcome.Success(payload("6")));

      assertThat(burst.all(SOON)).containsExactly(new Value<>(0, 6));
    }
  }

  @Test
  void cancelEndsEveryItemAndFreesTheWorkerAtOnce() {
    int before = worker.leases().size();
    Burst<Integer> burst = fanfare.function("never", Integer.class).map(range(0, 1_000));
    await().until(() -> worker.leases().size() > before);

    burst.cancel();
    burst.cancel();

    List<Ended<Integer>> all = burst.all(SOON);
    assertThat(all)
        .isNotEmpty()
        .allSatisfy(
            ended -> assertThat(((Failed<Integer>) ended).failure().code()).isEqualTo("cancelled"));
    assertThat(burst.progress().cancelled()).isEqualTo(all.size());
    assertThat(worker.heard(dev.fanfare.frame.Frame.Revoke.class)).isNotEmpty();
    giveBackRoom(before);
  }

  /** The scripted worker gives credit only for what it answers. */
  private static void giveBackRoom(int before) {
    int revoked = worker.leases().size() - before;
    worker.send(new dev.fanfare.frame.Frame.Credit(revoked, List.of()));
  }

  // ---- stragglers ----

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

  private static ScriptedWorker racer(String name, AtomicReference<String> tortoise) {
    return platform.worker(
        name, Map.of("worker", name, "race", "yes"), lease -> slowOnce(lease, name, tortoise));
  }

  /** The first worker that gets item 7 never ends it. */
  private static Optional<Outcome> slowOnce(
      Lease lease, String name, AtomicReference<String> tortoise) {
    boolean seven = text(lease).equals("7");
    return seven && tortoise.compareAndSet(null, name) ? Optional.empty() : TestGateway.echo(lease);
  }

  // ---- others ----

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

    try (Fanfare other = Fanfare.connect(platform.uri(""), platform.admin);
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
    try (Fanfare other = Fanfare.connect(platform.uri(""), platform.admin)) {
      id = other.function("never", Integer.class).map(range(0, 10)).id();
    }
    int before = worker.leases().size();
    await()
        .until(
            () ->
                TestGateway.json(platform.get("/v1/bursts/" + id))
                    .get("state")
                    .textValue()
                    .equals("ENDED"));
    assertThat(worker.leases()).hasSizeGreaterThanOrEqualTo(before);
    worker.send(new dev.fanfare.frame.Frame.Credit(10, List.of()));
  }

  private static Payload payload(String json) {
    return new Payload.Inline("application/json", json.getBytes(StandardCharsets.UTF_8));
  }
}
