package dev.fanfare.session;

import static dev.fanfare.session.SessionScene.SUCCESS;
import static dev.fanfare.session.SessionScene.WAKE_UP;
import static dev.fanfare.session.SessionScene.get;
import static dev.fanfare.session.SessionScene.held;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Work over a session. */
interface SessionWork extends SessionPart {
  @Test
  default void workRunsAndItsOutcomeIsAcknowledgedOnceItIsSettled() throws Exception {
    ScriptedWorker worker =
        scene().open("one", 2, lease -> Optional.of(new Outcome.Success(lease.payload())));
    byte[] body = "{\"n\":7}".getBytes(StandardCharsets.UTF_8);
    InvocationRecord ended = scene().run(new Payload.Inline("application/json", body));
    assertThat(ended.state()).isEqualTo(InvocationState.SUCCEEDED);
    assertThat(ended.outcome())
        .contains(new Outcome.Success(new Payload.Inline("application/json", body)));
    assertThat(ended.worker()).contains(worker.profile().id());
    await().until(() -> !worker.heard(Frame.Acknowledged.class).isEmpty());
    assertThat(worker.heard(Frame.Acknowledged.class).getFirst().sequence()).isEqualTo(1);
  }

  @Test
  default void manyInvocationsEndEachOnce() throws Exception {
    scene().open("one", 16, ScriptedWorker.AT_ONCE);
    scene().open("two", 16, ScriptedWorker.AT_ONCE);
    List<CompletableFuture<InvocationRecord>> ends = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      ends.add(scene().submit(Payload.EMPTY));
    }
    for (CompletableFuture<InvocationRecord> end : ends) {
      assertThat(end.get(10, TimeUnit.SECONDS).state()).isEqualTo(InvocationState.SUCCEEDED);
    }
  }

  @Test
  default void waitingWorkStartsWithinFiftyMillisecondsOfAWorkersCredit() {
    scene().submitAndForget();
    await().until(() -> scene().live().size() == 1);
    ScriptedWorker worker = scene().open("late", 0, ScriptedWorker.LATER);
    worker.send(new Frame.Credit(1, List.of()));
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(WAKE_UP)
        .until(() -> worker.leases().size() == 1);
  }

  @Test
  default void cancellingRevokesTheLease() {
    ScriptedWorker worker = scene().open("one", 1, ScriptedWorker.LATER);
    Lease lease = scene().lease(worker);
    get(scene().dispatcher.cancel(TenantId.DEFAULT, lease.id(), "no need"));
    await().until(() -> !worker.heard(Frame.Revoke.class).isEmpty());
    assertThat(worker.heard(Frame.Revoke.class).getFirst().leases()).containsExactly(held(lease));
  }

  @Test
  default void aDrainingWorkerFinishesWhatItHasAndGetsNothingMore() throws Exception {
    ScriptedWorker worker = scene().open("one", 5, ScriptedWorker.LATER);
    CompletableFuture<InvocationRecord> end = scene().submit(Payload.EMPTY);
    await().until(() -> worker.leases().size() == 1);
    scene().sessions.drain(worker.profile().id());
    await().until(() -> !worker.heard(Frame.Drain.class).isEmpty());
    scene().submitAndForget();
    worker.settle(worker.leases().getFirst().id(), worker.leases().getFirst().fence(), SUCCESS);
    assertThat(end.get(10, TimeUnit.SECONDS).state()).isEqualTo(InvocationState.SUCCEEDED);
    assertThat(worker.leases()).hasSize(1);
  }
}
