package dev.fanfare.session;

import static dev.fanfare.session.SessionScene.SUCCESS;
import static dev.fanfare.session.SessionScene.WAKE_UP;
import static dev.fanfare.session.SessionScene.held;
import static dev.fanfare.session.SessionScene.principal;
import static dev.fanfare.session.SessionScene.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Links that break, and workers that come back. */
interface SessionBreaks extends SessionPart {
  @Test
  default void aClosedLinkGivesItsLeasesToAnotherWithinFiftyMilliseconds() {
    ScriptedWorker first = scene().open("first", 1, ScriptedWorker.LATER);
    scene().lease(first);
    ScriptedWorker second = scene().open("second", 1, ScriptedWorker.LATER);
    await().until(() -> scene().dispatcher.workers().size() == 2);
    first.cut();
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(WAKE_UP)
        .until(() -> second.leases().size() == 1);
  }

  @Test
  default void aWorkerThatComesBackWithItsTokenKeepsWhatNobodyTook() throws Exception {
    ScriptedWorker worker = scene().open("back", 1, ScriptedWorker.LATER);
    CompletableFuture<InvocationRecord> end = scene().submit(Payload.EMPTY);
    await().until(() -> worker.leases().size() == 1);
    Lease lease = worker.leases().getFirst();
    ScriptedWorker again = scene().resume(worker, List.of(held(lease)));
    await().until(() -> scene().dispatcher.workers().getFirst().running() == 1);
    again.settle(lease.id(), lease.fence(), SUCCESS);
    InvocationRecord ended = end.get(10, TimeUnit.SECONDS);
    assertThat(ended.state()).isEqualTo(InvocationState.SUCCEEDED);
    assertThat(ended.fence()).isEqualTo(lease.fence());
    assertThat(again.heard(Frame.Revoke.class)).isEmpty();
  }

  @Test
  default void aTokenTakesTheSessionOverWhileItsOldLinkStillSeemsAlive() {
    ScriptedWorker worker = scene().open("moving", 1, ScriptedWorker.LATER);
    Lease lease = scene().lease(worker);
    ScriptedWorker again = scene().worker("moving", 0, ScriptedWorker.LATER);
    again.hello(
        scene().connect(again, principal(Scope.WORKER)), token(worker), List.of(held(lease)));
    await().until(again::welcomed);
    await().until(worker::isClosed);
    await()
        .until(
            () ->
                scene().dispatcher.workers().size() == 1
                    && scene().dispatcher.workers().getFirst().running() == 1);
  }

  @Test
  default void aWorkerThatComesBackStopsWhatAnotherTook() {
    ScriptedWorker worker = scene().open("late", 1, ScriptedWorker.LATER);
    Lease lease = scene().lease(worker);
    ScriptedWorker other = scene().open("other", 1, ScriptedWorker.LATER);
    worker.cut();
    await().until(() -> other.leases().size() == 1);
    ScriptedWorker again = scene().resume(worker, List.of(held(lease)));
    await().until(() -> !again.heard(Frame.Revoke.class).isEmpty());
    assertThat(again.heard(Frame.Revoke.class).getFirst().leases()).containsExactly(held(lease));
    again.settle(lease.id(), lease.fence(), SUCCESS);
    await().until(() -> !again.heard(Frame.Acknowledged.class).isEmpty());
    assertThat(again.heard(Frame.Acknowledged.class).getFirst().stale())
        .containsExactly(held(lease));
  }

  @Test
  default void aWorkerWithoutItsTokenKeepsNothing() {
    ScriptedWorker worker = scene().open("forgot", 1, ScriptedWorker.LATER);
    Lease lease = scene().lease(worker);
    worker.cut();
    await().until(() -> scene().dispatcher.workers().isEmpty());
    ScriptedWorker again = scene().worker("forgot", 0, ScriptedWorker.LATER);
    again.hello(
        scene().connect(again, principal(Scope.WORKER)),
        Optional.of("made up"),
        List.of(held(lease)));
    await().until(() -> !again.heard(Frame.Revoke.class).isEmpty());
    assertThat(again.heard(Frame.Revoke.class).getFirst().leases()).containsExactly(held(lease));
  }

  @Test
  default void aTokenIsGoodOnceAndOnlyForItsWorker() {
    ScriptedWorker worker = scene().open("owner", 0, ScriptedWorker.LATER);
    worker.cut();
    await().until(() -> scene().dispatcher.workers().isEmpty());
    ScriptedWorker thief = scene().worker("thief", 0, ScriptedWorker.LATER);
    Held nothing = new Held(scene().dispatcher.newId(), 1);
    thief.hello(scene().connect(thief, principal(Scope.WORKER)), token(worker), List.of(nothing));
    await().until(() -> !thief.heard(Frame.Revoke.class).isEmpty());
    assertThat(thief.heard(Frame.Revoke.class).getFirst().reason()).contains("not known");
  }
}
