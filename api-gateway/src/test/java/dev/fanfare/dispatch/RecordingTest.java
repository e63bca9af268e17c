package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.ShardCounts;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ended goes to the ledger, and leaves its shard then. */
@Timeout(60)
class RecordingTest extends DispatcherScene {
  @Test
  void aShardForgetsWhatEndedOnceTheLedgerHasIt() {
    CompletableFuture<Void> gate = fixture.history.hold();
    fixture.attach("one", 10, ScriptedWorker.AT_ONCE);
    List<RememberingWaiter> waiters = fixture.submitAtOnce(10);
    await().until(() -> waiters.stream().allMatch(w -> w.ends().size() == 1));
    assertThat(fixture.counts().retained()).isEqualTo(10);
    assertThat(fixture.meters.unrecorded()).isEqualTo(10);
    gate.complete(null);
    await().until(() -> fixture.counts().retained() == 0);
    assertThat(fixture.history.size()).isEqualTo(10);
    assertThat(fixture.meters.unrecorded()).isZero();
  }

  @Test
  void whileTheLedgerFailsEndedWorkStaysInItsShardAndIsRecordedLater() {
    fixture.history.fail(true);
    fixture.attach("one", 10, ScriptedWorker.AT_ONCE);
    List<RememberingWaiter> waiters = fixture.submitAtOnce(10);
    await().until(() -> waiters.stream().allMatch(w -> w.ends().size() == 1));
    await().until(() -> fixture.meters.ledgerFailures.count() >= 2);
    assertThat(fixture.counts().retained()).isEqualTo(10);
    assertThat(fixture.get(dispatcher.find(TENANT, waiters.getFirst().end().id()))).isPresent();
    fixture.history.fail(false);
    await().until(() -> fixture.counts().retained() == 0);
    assertThat(fixture.history.size()).isEqualTo(10);
  }

  @Test
  void everythingAcceptedIsInExactlyOneState() {
    fixture.attach(
        "one",
        20,
        lease ->
            lease.id().low() % 3 == 0
                ? Optional.empty()
                : Optional.of(
                    lease.id().low() % 3 == 1
                        ? new Outcome.Success(Payload.EMPTY)
                        : Outcome.Failure.of(FailureCode.USER_FAULT, "no")));
    fixture.submitAtOnce(200);
    await().until(() -> fixture.counts().running() == 20);
    ShardCounts counts = fixture.counts();
    long failed = counts.failed().values().stream().mapToLong(Long::longValue).sum();
    assertThat(counts.accepted()).isEqualTo(200);
    assertThat(
            counts.scheduled()
                + counts.queued()
                + counts.running()
                + counts.succeeded()
                + counts.cancelled()
                + failed)
        .isEqualTo(200);
  }
}
