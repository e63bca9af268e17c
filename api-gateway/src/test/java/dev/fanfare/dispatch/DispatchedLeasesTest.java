package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of leases. */
@Timeout(60)
class DispatchedLeasesTest extends DispatcherScene {
  @Test
  void aWorkersLeasesGoToAnotherWithinFiftyMillisecondsOfItsEnd() {
    ScriptedWorker first = fixture.attach("first", 1, ScriptedWorker.LATER);
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> first.leases().size() == 1);
    ScriptedWorker second = fixture.attach("second", 1, ScriptedWorker.LATER);
    await().until(() -> dispatcher.workers().size() == 2);
    first.cut();
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(WAKE_UP)
        .until(() -> second.leases().size() == 1);
    second.succeed(second.leases().getFirst());
    await().until(() -> waiter.ends().size() == 1);
    assertThat(waiter.end().losses()).isEqualTo(1);
    assertThat(second.leases().getFirst().fence()).isGreaterThan(first.leases().getFirst().fence());
  }

  @Test
  void aLeaseThatWasNeverSentBecauseItsWorkerWentIsNotALoss() {
    ScriptedWorker worker = fixture.attach("first", 1, ScriptedWorker.LATER);
    await().until(() -> free() == 1);
    fixture.shards.hold();
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> !transitions(Transition.Submit.class).isEmpty());
    worker.cut();
    await().until(() -> dispatcher.workers().isEmpty());
    fixture.shards.release();
    ScriptedWorker second = fixture.attach("second", 1, ScriptedWorker.AT_ONCE);
    await().until(() -> waiter.ends().size() == 1);
    assertThat(second.leases()).hasSize(1);
    assertThat(waiter.end().losses()).isZero();
  }

  @Test
  void aStaleSettlementIsRefusedAndChangesNothing() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> worker.leases().size() == 1);
    Lease lease = worker.leases().getFirst();
    worker.settle(lease.id(), lease.fence() + 1, new Outcome.Success(Payload.EMPTY));
    await().until(() -> worker.heard(Frame.Acknowledged.class).size() == 1);
    assertThat(worker.heard(Frame.Acknowledged.class).getFirst().stale())
        .containsExactly(new Held(lease.id(), lease.fence() + 1));
    assertThat(waiter.ends()).isEmpty();
    worker.succeed(lease);
    await().until(() -> waiter.ends().size() == 1);
  }

  @Test
  void aWorkerCannotSettleAnothersLease() {
    ScriptedWorker owner = fixture.attach("owner", 1, ScriptedWorker.LATER);
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> owner.leases().size() == 1);
    ScriptedWorker thief = fixture.attach("thief", 0, ScriptedWorker.LATER);
    Lease lease = owner.leases().getFirst();
    thief.settle(lease.id(), lease.fence(), new Outcome.Success(Payload.EMPTY));
    await().until(() -> thief.heard(Frame.Acknowledged.class).size() == 1);
    assertThat(thief.heard(Frame.Acknowledged.class).getFirst().stale()).hasSize(1);
    assertThat(waiter.ends()).isEmpty();
  }

  @Test
  void returnedLeasesGoToAnotherWithoutCountingAsAttempts() {
    ScriptedWorker first = fixture.attach("first", 1, ScriptedWorker.LATER);
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> first.leases().size() == 1);
    Lease lease = first.leases().getFirst();
    first.send(new Frame.Returned(List.of(new Held(lease.id(), lease.fence()))));
    fixture.attach("second", 1, ScriptedWorker.AT_ONCE);
    await().until(() -> waiter.ends().size() == 1);
    assertThat(waiter.end().attempts()).isEqualTo(1);
    assertThat(waiter.end().losses()).isZero();
  }

  @Test
  void aFailedAttemptIsTriedAgain() {
    ScriptedWorker worker =
        fixture.attach(
            "one",
            1,
            lease ->
                Optional.of(
                    lease.attempt() < 3
                        ? Outcome.Failure.of(FailureCode.USER_FAULT, "not yet")
                        : new Outcome.Success(Payload.EMPTY)));
    RememberingWaiter waiter =
        fixture.submit(dispatcher.newId(), fixture.submissions().withRetries(5));
    await().until(() -> waiter.ends().size() == 1);
    assertThat(waiter.end().attempts()).isEqualTo(3);
    assertThat(worker.leases()).extracting(Lease::fence).isSorted().doesNotHaveDuplicates();
  }
}
