package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.Reply.Cancellation;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ending work before its time. */
@Timeout(60)
class CancellingTest extends DispatcherScene {
  @Test
  void cancellingQueuedWorkEndsItAtOnce() {
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> !waiter.admissions().isEmpty());
    InvocationId id = newest();
    assertThat(fixture.get(dispatcher.cancel(TENANT, id, "no need")))
        .isEqualTo(Cancellation.CANCELLED);
    await().until(() -> waiter.ends().size() == 1);
    assertThat(waiter.end().state()).isEqualTo(InvocationState.CANCELLED);
  }

  @Test
  void cancellingRunningWorkRevokesItsLease() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> worker.leases().size() == 1);
    Lease lease = worker.leases().getFirst();
    fixture.get(dispatcher.cancel(TENANT, lease.id(), "no need"));
    await().until(() -> worker.heard(Frame.Revoke.class).size() == 1);
    assertThat(worker.heard(Frame.Revoke.class).getFirst().leases())
        .containsExactly(new Held(lease.id(), lease.fence()));
    assertThat(waiter.end().state()).isEqualTo(InvocationState.CANCELLED);
    assertThat(dispatcher.workers().getFirst().running()).isZero();
  }

  @Test
  void cancellingWhatEndedSaysSoBeforeAndAfterItsShardForgetsIt() {
    CompletableFuture<Void> gate = fixture.history.hold();
    fixture.attach("one", 1, ScriptedWorker.AT_ONCE);
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> waiter.ends().size() == 1);
    InvocationId id = waiter.end().id();
    assertThat(fixture.get(dispatcher.cancel(TENANT, id, "late"))).isEqualTo(Cancellation.ENDED);
    gate.complete(null);
    await().until(() -> fixture.counts().retained() == 0);
    assertThat(fixture.get(dispatcher.cancel(TENANT, id, "late"))).isEqualTo(Cancellation.ENDED);
  }
}
