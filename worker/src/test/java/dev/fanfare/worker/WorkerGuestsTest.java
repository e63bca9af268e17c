package dev.fanfare.worker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.FailureCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Functions that hold no slot, on a worker whose slots are all held. */
@Timeout(120)
class WorkerGuestsTest {
  @TempDir Path folder;
  private StartedWorker worker;

  private void start(UnaryOperator<WorkerConfiguration> changes) throws Exception {
    worker = new StartedWorker(folder, changes);
  }

  @AfterEach
  void stop() throws Exception {
    worker.close();
  }

  @Test
  void aGuestGetsTheNextSlotWhateverWaitsForIt() throws Exception {
    start(plain -> plain.withSlots(1));
    CompletableFuture<Settlement> first = worker.nap(500);
    List<CompletableFuture<Settlement>> others = naps(5, 200);
    CompletableFuture<Settlement> guest = invite("shout", "{\"text\":\"me\"}");
    assertThat(StartedWorker.text(guest.get(30, SECONDS))).isEqualTo("ME");
    assertThat(first).isDone();
    assertThat(others).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void aGuestOfAnotherRevisionGetsARuntimeOfItsOwnMeanwhile() throws Exception {
    start(plain -> plain.withSlots(1));
    SampleJar other = SampleJar.make("another");
    worker.deploy(other);
    var _ = worker.nap(300);
    List<CompletableFuture<Settlement>> others = naps(100, 100);
    Lease lease = worker.lease(other, "echo", StartedWorker.json("1"));
    Settlement ended = worker.gateway.invite(lease).get(30, SECONDS);
    assertThat(StartedWorker.text(ended)).isEqualTo("1");
    assertThat(others).anyMatch(nap -> !nap.isDone());
  }

  @Test
  void shortWorkThatIsHeldAheadDoesNotKeepAGuestWaiting() throws Exception {
    start(plain -> plain.withSlots(2));
    worker.run("echo", "0");
    List<CompletableFuture<Settlement>> burst = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      burst.add(worker.submit("echo", "1"));
    }
    await().atMost(60, SECONDS).until(() -> burst.get(2_000).isDone());
    long before = burst.stream().filter(CompletableFuture::isDone).count();
    invite("shout", "{\"text\":\"me\"}").get(30, SECONDS);
    long meanwhile = burst.stream().filter(CompletableFuture::isDone).count() - before;
    assertThat(meanwhile).isLessThan(20_000);
    for (CompletableFuture<Settlement> item : burst) {
      item.get(60, SECONDS);
    }
  }

  @Test
  void slotsAreNeverHeldByMoreThanThereAre() throws Exception {
    start(plain -> plain.withSlots(2));
    CompletableFuture<Settlement> first = worker.nap(1_500);
    CompletableFuture<Settlement> second = worker.nap(1_500);
    CompletableFuture<Settlement> guest = invite("echo", "1");
    guest.get(30, SECONDS);
    assertThat(Stream.of(first, second)).anyMatch(CompletableFuture::isDone);
  }

  @Test
  void roomForGuestsIsToldAgainOnceOneHasItsSlot() throws Exception {
    start(plain -> plain.withSlots(2));
    await().atMost(20, SECONDS).until(() -> worker.gateway.guests() == 2);
    var _ = worker.nap(400);
    var _ = worker.nap(400);
    invite("echo", "1").get(30, SECONDS);
    await().atMost(20, SECONDS).until(() -> worker.gateway.guests() == 2);
    await().atMost(20, SECONDS).until(() -> worker.gateway.free() == 2);
  }

  @Test
  void aGuestThatNoSlotCanBeHandedToGoesBack() throws Exception {
    start(plain -> plain.withSlots(1));
    var _ = worker.nap(4_000);
    Lease lease = worker.lease("echo", "1");
    CompletableFuture<Settlement> guest = worker.gateway.invite(lease);
    await()
        .atMost(20, SECONDS)
        .until(() -> worker.gateway.returned.stream().anyMatch(h -> h.id().equals(lease.id())));
    assertThat(StartedWorker.text(guest.get(30, SECONDS))).isEqualTo("1");
  }

  @Test
  void aGuestWhoseRevisionCannotBeLoadedFails() throws Exception {
    start(plain -> plain.withSlots(1));
    SampleJar broken = SampleJar.broken();
    worker.deploy(broken);
    var _ = worker.nap(1_000);
    Lease lease = worker.lease(broken, "echo", StartedWorker.json("1"));
    Settlement ended = worker.gateway.invite(lease).get(30, SECONDS);
    assertThat(StartedWorker.fault(ended).code()).isEqualTo(FailureCode.NO_SUCH_REVISION);
  }

  private CompletableFuture<Settlement> invite(String function, String json) {
    return worker.gateway.invite(worker.lease(function, json));
  }

  private List<CompletableFuture<Settlement>> naps(int count, int millis) {
    return Stream.generate(() -> worker.submit("nap", "{\"millis\":" + millis + "}"))
        .limit(count)
        .toList();
  }
}
