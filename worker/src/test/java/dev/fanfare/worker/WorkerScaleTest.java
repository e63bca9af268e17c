package dev.fanfare.worker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many runtimes there are, and when. */
@Timeout(120)
class WorkerScaleTest {
  @TempDir Path folder;
  private StartedWorker worker;

  private void start(UnaryOperator<WorkerConfiguration> changes) throws Exception {
    worker = new StartedWorker(folder, changes);
  }

  @AfterEach
  void stop() throws Exception {
    worker.close();
  }

  private void awaitStatus(Predicate<dev.fanfare.frame.Frame.Status> condition) {
    await().until(() -> worker.gateway.status != null && condition.test(worker.gateway.status));
  }

  @Test
  void runtimesGrowWithTheQueueUpToTheSlots() throws Exception {
    start(plain -> plain.withSlots(3));
    for (int i = 0; i < 9; i++) {
      var _ = worker.submit("nap", "{\"millis\":60000}");
    }
    awaitStatus(status -> status.running() == 3 && status.runtimes() == 3);
    int statuses = worker.gateway.statuses.get();
    await().until(() -> worker.gateway.statuses.get() > statuses + 2);
    assertThat(worker.gateway.status.runtimes()).isEqualTo(3);
  }

  @Test
  void aFunctionHasNoMoreRuntimesThanItMayHave() throws Exception {
    start(plain -> plain.withSlots(3));
    Lease first = worker.lease("nap-alone", "{\"millis\":60000}");
    CompletableFuture<Settlement> napping = worker.gateway.submit(first);
    List<CompletableFuture<Settlement>> naps = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      naps.add(worker.submit("nap-alone", "{\"millis\":100}"));
    }
    CompletableFuture<Settlement> other = worker.submit("echo", "1");
    other.get(60, SECONDS);
    assertThat(napping).isNotDone();
    assertThat(naps).noneMatch(CompletableFuture::isDone);
    worker.gateway.revoke(first, "enough");
    var processes = new HashSet<String>();
    for (var nap : naps) {
      processes.add(StartedWorker.text(nap.get(60, SECONDS)));
    }
    assertThat(processes).hasSize(1);
  }

  @Test
  void aFunctionThatMayHaveNoneHereIsToldToBeFull() throws Exception {
    start(plain -> plain);
    worker.gateway.scale(worker.samples.id(), "echo", 0, 0);
    await().until(() -> worker.gateway.isFull("echo"));
    CompletableFuture<Settlement> waits = worker.submit("echo", "1");
    assertThat(worker.text("shout", "{\"text\":\"a\"}")).isEqualTo("A");
    assertThat(waits).isNotDone();
    worker.gateway.scale(worker.samples.id(), "echo", 0, 1);
    assertThat(StartedWorker.text(waits.get(60, SECONDS))).isEqualTo("1");
  }

  @Test
  void runtimesThatAreToBeKeptWarmAreThereBeforeWorkAndStay() throws Exception {
    start(plain -> plain.withIdleTime(Duration.ofMillis(300)).withRuntimes(0, 1));
    worker.gateway.scale(worker.samples.id(), "echo", 2, 2);
    awaitStatus(status -> status.runtimes() == 2);
    Lease nap = worker.longNap();
    awaitStatus(status -> status.runtimes() > 2);
    worker.gateway.revoke(nap, "enough");
    awaitStatus(status -> status.runtimes() == 2);
    assertThat(worker.run("echo", "1").usage().coldMicros()).isZero();
    worker.gateway.scale(worker.samples.id(), "echo", 0, 2);
    awaitStatus(status -> status.runtimes() == 0);
  }

  @Test
  void runtimesWithoutWorkEndAfterTheIdleTime() throws Exception {
    start(plain -> plain.withIdleTime(Duration.ofMillis(700)).withRuntimes(0, 4));
    Lease nap = worker.longNap();
    awaitStatus(status -> status.runtimes() == 1);
    worker.gateway.revoke(nap, "enough");
    awaitStatus(status -> status.runtimes() == 0);
    assertThat(worker.run("echo", "1").usage().coldMicros()).isPositive();
  }

  @Test
  void anAnnouncedRevisionHasARuntimeBeforeItsFirstCall() throws Exception {
    start(plain -> plain);
    awaitStatus(status -> status.blankRuntimes() == 1);
    worker.gateway.announce(worker.samples.id());
    awaitStatus(status -> status.runtimes() == 1 && status.blankRuntimes() == 1);
    int fetches = worker.gateway.fetches.size();
    assertThat(worker.gateway.free()).isEqualTo(2);
    worker.run("echo", "1");
    assertThat(worker.gateway.fetches).hasSize(fetches);
    int statuses = worker.gateway.statuses.get();
    await().until(() -> worker.gateway.statuses.get() > statuses + 1);
    assertThat(worker.gateway.status.runtimes()).isEqualTo(1);
  }

  @Test
  void aCallThatComesWhileABlankRuntimeStartsTakesThatOne() throws Exception {
    start(plain -> plain.withSlots(1));
    worker.longNap();
    long runtimes =
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().arguments().stream().anyMatch(WorkerScaleTest::isOurs))
            .count();
    assertThat(runtimes).isEqualTo(1);
  }

  private static boolean isOurs(String[] arguments) {
    return List.of(arguments).contains("dev.fanfare.runtime.RuntimeMain");
  }

  @Test
  void anAnnouncedRevisionTakesNoRoomFromOthers() throws Exception {
    start(plain -> plain.withRuntimes(1, 1));
    worker.run("echo", "1");
    awaitStatus(status -> status.runtimes() == 1 && status.blankRuntimes() == 1);
    SampleJar other = SampleJar.make("another");
    worker.deploy(other);
    worker.gateway.announce(other.id());
    awaitStatus(status -> status.cached().contains(other.id()));
    assertThat(worker.run("echo", "2").usage().coldMicros()).isZero();
    assertThat(worker.gateway.status.runtimes()).isEqualTo(1);
  }

  @Test
  void anAnnouncedRevisionThatIsGoneHarmsNothing() throws Exception {
    start(plain -> plain);
    worker.gateway.announce(SampleJar.make("unknown").id());
    assertThat(worker.text("echo", "1")).isEqualTo("1");
  }
}
