package dev.fanfare.session;

import static dev.fanfare.session.SessionScene.RESULT_LIMIT;
import static dev.fanfare.session.SessionScene.bye;
import static dev.fanfare.session.SessionScene.principal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How sessions open, and who gets none. */
interface SessionOpening extends SessionPart {
  @Test
  default void aWorkerThatSaysHelloIsWelcomedAndListed() {
    ScriptedWorker worker = scene().open("one", 3, ScriptedWorker.LATER);
    Frame.Welcome welcome = worker.heard(Frame.Welcome.class).getFirst();
    assertThat(welcome.heartbeatMillis()).isEqualTo(SessionServer.HEARTBEAT_MILLIS);
    assertThat(welcome.resultLimitBytes()).isEqualTo(RESULT_LIMIT);
    assertThat(welcome.credential()).isEmpty();
    await().until(() -> scene().dispatcher.workers().getFirst().free() == 3);
    assertThat(scene().dispatcher.workers())
        .singleElement()
        .satisfies(
            view -> {
              assertThat(view.profile()).isEqualTo(worker.profile());
              assertThat(view.session()).isEqualTo(welcome.session());
              assertThat(view.draining()).isFalse();
            });
    worker.send(new Frame.Status(1, 2, 1, 0.5, List.of()));
    await().until(() -> scene().dispatcher.workers().getFirst().runtimes() == 2);
  }

  @Test
  default void aWorkerOfAnotherProtocolVersionIsRefusedInWords() {
    ScriptedWorker worker = scene().link("old", principal(Scope.WORKER));
    worker.send(new Frame.Hello(99, worker.profile(), Optional.empty(), List.of()));
    assertThat(bye(worker).reason()).contains("version 1").contains("99");
    assertThat(bye(worker).retry()).isFalse();
    await().until(worker::isClosed);
  }

  @Test
  default void whatANewerWorkerSaysIsLeftAlone() {
    ScriptedWorker worker = scene().open("new", 1, ScriptedWorker.LATER);
    worker.send(new Frame.Unknown("dance"));
    scene().lease(worker);
    assertThat(worker.heard(Frame.Bye.class)).isEmpty();
  }

  @Test
  default void aKeyThatIsNoWorkersIsRefused() {
    ScriptedWorker worker = scene().link("viewer", principal(Scope.VIEWER));
    worker.send(new Frame.Hello(1, worker.profile(), Optional.empty(), List.of()));
    assertThat(bye(worker).reason()).contains("viewer");
    await().until(worker::isClosed);
  }

  @Test
  default void anythingBeforeHelloEndsTheSession() {
    ScriptedWorker worker = scene().link("rude", principal(Scope.WORKER));
    worker.send(new Frame.Credit(1, List.of()));
    assertThat(bye(worker).reason()).contains("Hello");
    await().until(worker::isClosed);
  }

  @Test
  default void aFrameThatOnlyGatewaysSendEndsTheSession() {
    ScriptedWorker worker = scene().open("rude", 0, ScriptedWorker.LATER);
    worker.send(new Frame.Leases(List.of()));
    assertThat(bye(worker).reason()).contains("Leases");
    await().until(worker::isClosed);
  }

  @Test
  default void aJoinTokenIsExchangedForTheWorkersOwnKey() {
    ScriptedWorker worker = scene().link("joining", principal(Scope.JOIN));
    worker.send(new Frame.Hello(1, worker.profile(), Optional.empty(), List.of()));
    await().until(worker::welcomed);
    String credential = worker.heard(Frame.Welcome.class).getFirst().credential().orElseThrow();
    assertThat(scene().node.keys().authenticate(credential))
        .map(Principal::scope)
        .contains(Scope.WORKER);
  }

  @Test
  default void aSecondWorkerOfTheSameNameIsRefusedWhileTheFirstIsThere() {
    ScriptedWorker first = scene().open("twin", 0, ScriptedWorker.LATER);
    ScriptedWorker second = scene().link("twin", principal(Scope.WORKER));
    second.send(new Frame.Hello(1, second.profile(), Optional.empty(), List.of()));
    assertThat(bye(second).reason()).contains("twin").contains("connected already");
    assertThat(bye(second).retry()).isTrue();
    assertThat(first.isClosed()).isFalse();
    assertThat(scene().dispatcher.workers()).hasSize(1);
  }

  @Test
  default void theGatewaySendsHeartbeats() {
    ScriptedWorker worker = scene().open("one", 0, ScriptedWorker.LATER);
    await().until(() -> !worker.heard(Frame.Heartbeat.class).isEmpty());
  }
}
