package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardCounts;
import dev.fanfare.shard.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ended goes to the ledger, and leaves its shard then. */
@Timeout(60)
class RecordingTest extends DispatcherScene {
  private static final Duration WHILE = Duration.ofSeconds(40);

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
  void endsThatThereWasNoRoomForAreRecordedThoughTheirShardsWereSilentForAWhile() {
    int all = Recorder.MOST_RECORDS + 100;
    fixture.history.fail(true);
    fixture.attach("one", all, ScriptedWorker.AT_ONCE);
    fixture.submitAtOnce(all);
    await().atMost(WHILE).until(() -> fixture.meters.unrecorded() == all);

    fixture.shards.lose(Integer.MAX_VALUE, false, RecordingTest::finds);
    fixture.history.fail(false);
    await().atMost(WHILE).until(() -> fixture.meters.unrecorded() == 100);
    int looked = transitions(Transition.Find.class).size();
    await().atMost(WHILE).until(() -> transitions(Transition.Find.class).size() > looked);
    fixture.shards.lose(0, false, RecordingTest::finds);

    await().atMost(WHILE).until(() -> fixture.meters.unrecorded() == 0);
    assertThat(fixture.history.size()).isEqualTo(all);
  }

  private static boolean finds(ShardBatch batch) {
    return batch.transitions().stream().anyMatch(Transition.Find.class::isInstance);
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
