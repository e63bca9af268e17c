package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.Reply.Cancellation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two gateways that share shards: work comes in at one, the workers are at the other. */
class PeersTest {
  private static final NodeId FRONT = new NodeId("front");
  private static final NodeId BACK = new NodeId("back");
  private static final Duration BEFORE_ANY_LOOK = Duration.ofMillis(500);

  private final Map<NodeId, InMemoryMail> post = new ConcurrentHashMap<>();
  private final ObservedShards shards = new ObservedShards(4);
  private final InMemoryMail frontMail = new InMemoryMail(FRONT, post);
  private final DispatchFixture front = new DispatchFixture(FRONT, shards, frontMail);
  private final DispatchFixture back =
      new DispatchFixture(BACK, shards, new InMemoryMail(BACK, post));

  @BeforeEach
  void routeTicks() {
    shards.tickInto(front.dispatcher.effects());
  }

  @AfterEach
  void close() {
    front.close();
    back.close();
  }

  @Test
  void theCallerHearsOfTheEndAndItsGatewayRecordsIt() {
    back.attach("worker", 10, ScriptedWorker.AT_ONCE);
    await().until(() -> !back.dispatcher.workers().isEmpty());
    List<RememberingWaiter> waiters = front.submitAtOnce(50);
    await()
        .atMost(BEFORE_ANY_LOOK)
        .until(() -> waiters.stream().allMatch(w -> w.ends().size() == 1));
    assertThat(waiters).allMatch(w -> w.end().state() == InvocationState.SUCCEEDED);
    await().until(() -> front.counts().retained() == 0);
    assertThat(front.history.size()).isEqualTo(50);
    assertThat(back.history.size()).isZero();
  }

  @Test
  void workThatWaitsWakesAWorkerThatJoinsAtTheOther() {
    RememberingWaiter waiter = front.submit();
    await().until(() -> !waiter.admissions().isEmpty());
    ScriptedWorker worker = back.attach("late", 1, ScriptedWorker.LATER);
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofMillis(50))
        .until(() -> worker.leases().size() == 1);
  }

  @Test
  void workThatComesWakesAnIdleWorkerAtTheOther() {
    ScriptedWorker worker = back.attach("idle", 1, ScriptedWorker.LATER);
    await()
        .until(
            () ->
                !back.dispatcher.workers().isEmpty()
                    && back.dispatcher.workers().getFirst().free() == 1);
    front.submit();
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofMillis(50))
        .until(() -> worker.leases().size() == 1);
  }

  @Test
  void cancellingAtOneRevokesTheLeaseAtTheOther() {
    ScriptedWorker worker = back.attach("worker", 1, ScriptedWorker.LATER);
    RememberingWaiter waiter = front.submit();
    await().until(() -> worker.leases().size() == 1);
    Lease lease = worker.leases().getFirst();
    assertThat(front.get(front.dispatcher.cancel(TenantId.DEFAULT, lease.id(), "no need")))
        .isEqualTo(Cancellation.CANCELLED);
    await().until(() -> worker.heard(Frame.Revoke.class).size() == 1);
    await().until(() -> waiter.ends().size() == 1);
  }

  @Test
  void workersOfTheOtherCount() {
    assertThat(front.dispatcher.whyNot(Requirements.NONE)).isPresent();
    ScriptedWorker worker = back.attach("worker", 1, ScriptedWorker.LATER);
    await()
        .atMost(BEFORE_ANY_LOOK)
        .until(() -> front.dispatcher.whyNot(Requirements.NONE).isEmpty());
    assertThat(front.dispatcher.workers()).isEmpty();
    assertThat(front.dispatcher.workersEverywhere())
        .singleElement()
        .satisfies(view -> assertThat(view.profile()).isEqualTo(worker.profile()));
    worker.cut();
    await()
        .atMost(BEFORE_ANY_LOOK)
        .until(() -> front.dispatcher.whyNot(Requirements.NONE).isPresent());
  }

  @Test
  void whatTheOriginDoesNotTakeIsRecordedWhereItEnded() {
    back.attach("worker", 1, ScriptedWorker.AT_ONCE);
    await().until(() -> !back.dispatcher.workers().isEmpty());
    frontMail.refuse(true);
    RememberingWaiter waiter = front.submit();
    await().until(() -> back.history.size() == 1);
    await().until(() -> waiter.ends().size() + waiter.uncertainties().size() == 1);
  }

  @Test
  void workThatNobodyToldOfIsFoundByLooking() {
    var strangers = new DispatchFixture(new NodeId("stranger"), shards, InMemoryMail.alone(BACK));
    try {
      ScriptedWorker worker = strangers.attach("worker", 1, ScriptedWorker.LATER);
      await().until(() -> !strangers.dispatcher.workers().isEmpty());
      front.submit();
      await().atMost(Duration.ofSeconds(3)).until(() -> worker.leases().size() == 1);
    } finally {
      strangers.close();
    }
  }
}
