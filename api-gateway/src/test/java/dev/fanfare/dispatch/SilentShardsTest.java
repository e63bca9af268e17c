package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.Transition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shards that do not answer. */
@Timeout(60)
class SilentShardsTest extends DispatcherScene {
  @Test
  void aSubmissionWhoseShardDoesNotAnswerIsUncertain() {
    fixture.shards.lose(1, false, batch -> has(batch.transitions(), Transition.Submit.class));
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> waiter.uncertainties().size() == 1);
    assertThat(waiter.admissions()).isEmpty();
    assertThat(waiter.uncertainties().getFirst()).contains("not known");
    fixture.attach("one", 1, ScriptedWorker.AT_ONCE);
    RememberingWaiter next = fixture.submit();
    await().until(() -> next.ends().size() == 1);
  }

  @Test
  void aSettlementThatWasLostIsSentAgain() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> worker.leases().size() == 1);
    fixture.shards.lose(2, false, batch -> has(batch.transitions(), Transition.Settle.class));
    worker.succeed(worker.leases().getFirst());
    await().until(() -> waiter.ends().size() == 1);
    await().until(() -> worker.heard(Frame.Acknowledged.class).size() == 1);
  }

  @Test
  void aSettlementWhoseReplyWasLostStillReachesWaiterAndLedger() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> worker.leases().size() == 1);
    fixture.shards.lose(1, true, batch -> has(batch.transitions(), Transition.Settle.class));
    worker.succeed(worker.leases().getFirst());
    await().until(() -> waiter.ends().size() == 1);
    await().until(() -> fixture.history.size() == 1);
    await().until(() -> fixture.counts().retained() == 0);
  }

  @Test
  void leasesWhoseReplyWasLostAreGivenBackAndLeasedAgain() {
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> !waiter.admissions().isEmpty());
    fixture.shards.lose(1, true, batch -> !batch.offers().isEmpty());
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.AT_ONCE);
    await().until(() -> waiter.ends().size() == 1);
    assertThat(worker.leases()).hasSize(1);
  }

  @Test
  void aWorkerWhoseDetachmentWasLostStillGivesItsLeasesBack() {
    ScriptedWorker first = fixture.attach("first", 1, ScriptedWorker.LATER);
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> first.leases().size() == 1);
    fixture.shards.lose(2, false, batch -> has(batch.transitions(), Transition.Detach.class));
    first.cut();
    fixture.attach("second", 1, ScriptedWorker.AT_ONCE);
    await().until(() -> waiter.ends().size() == 1);
  }
}
