package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.Offer;
import dev.fanfare.shard.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers' room, and who gets it. */
@Timeout(60)
class OfferedRoomTest extends DispatcherScene {
  @Test
  void roomIsNeverOfferedTwiceAtATime() {
    fixture.attach("one", 3, ScriptedWorker.LATER);
    await().until(() -> free() == 3);
    fixture.shards.hold();
    for (int shard = 0; shard < 4; shard++) {
      long high = shard + (System.currentTimeMillis() << 16);
      for (int i = 0; i < 2; i++) {
        fixture.submit(new InvocationId(high, i), fixture.submissions());
      }
    }
    await().until(() -> transitions(Transition.Submit.class).size() >= 4);
    int offered =
        fixture.shards.sent().stream()
            .flatMap(sent -> sent.batch().offers().stream())
            .mapToInt(Offer::free)
            .sum();
    assertThat(offered).isLessThanOrEqualTo(3);
    fixture.shards.release();
    await().until(() -> fixture.counts().running() == 3);
    assertThat(free()).isZero();
  }

  @Test
  void workThatWaitsIsLeasedWithinFiftyMillisecondsOfAWorkersJoining() {
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> !waiter.admissions().isEmpty());
    ScriptedWorker worker = fixture.attach("late", 1, ScriptedWorker.LATER);
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(WAKE_UP)
        .until(() -> !worker.leases().isEmpty());
  }

  @Test
  void workForOneWorkerWakesThatWorkerWhoeverElseWaits() {
    for (int i = 0; i < 10; i++) {
      fixture.attach("other" + i, Map.of("gpu", "none"), 1, ScriptedWorker.LATER);
    }
    ScriptedWorker wanted =
        fixture.attach("wanted", Map.of("gpu", "a100"), 1, ScriptedWorker.LATER);
    await().until(() -> free() == 11);
    fixture.submit(
        dispatcher.newId(), fixture.submissions().withRequirements(demanding("gpu=a100")));
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(WAKE_UP)
        .until(() -> !wanted.leases().isEmpty());
  }

  @Test
  void creditThatComesBackTakesMoreOfTheBacklog() {
    List<RememberingWaiter> waiters = fixture.submitAtOnce(500);
    await().until(() -> waiters.stream().allMatch(w -> !w.admissions().isEmpty()));
    fixture.attach("one", 7, ScriptedWorker.AT_ONCE);
    await().until(() -> waiters.stream().allMatch(w -> w.ends().size() == 1));
  }

  @Test
  void backlogsOfAllShardsAreServed() {
    List<RememberingWaiter> waiters = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      long high = i % 4 + (System.currentTimeMillis() << 16);
      waiters.add(fixture.submit(new InvocationId(high, i), fixture.submissions()));
    }
    fixture.attach("one", 3, ScriptedWorker.AT_ONCE);
    await().until(() -> waiters.stream().allMatch(w -> w.ends().size() == 1));
  }

  @Test
  void warmRoomIsUsedForItsFunctionBeforeFreeRoom() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    Submissions echo = fixture.submissions();
    worker.send(
        new Frame.Credit(
            0, List.of(new Frame.Warm(echo.target().revision(), echo.target().function(), 1))));
    await().until(() -> free() == 1);
    fixture.submit(dispatcher.newId(), echo);
    await().until(() -> worker.leases().size() == 1);
    assertThat(worker.heard(Frame.Leases.class).getFirst().warm()).isEqualTo(1);
    assertThat(free()).isEqualTo(1);
    fixture.submit(dispatcher.newId(), echo.of("other"));
    await().until(() -> worker.leases().size() == 2);
    assertThat(free()).isZero();
  }

  @Test
  void aFunctionThatHoldsNothingIsLeasedAsAGuestBesideABurst() {
    ScriptedWorker worker = fixture.attach("one", 2, ScriptedWorker.LATER);
    List<RememberingWaiter> burst = fixture.submitAtOnce(500);
    await().until(() -> worker.leases().size() == 2);
    worker.send(new Frame.Credit(0, List.of(), 1));
    await().until(() -> burst.stream().allMatch(w -> !w.admissions().isEmpty()));
    Submissions other = fixture.submissions().of("other");
    fixture.submit(dispatcher.newId(), other);
    await().until(() -> worker.leases().size() == 3);
    assertThat(worker.leases().getLast().function()).isEqualTo(other.target().function());
    assertThat(worker.heard(Frame.Leases.class).getLast().guests()).isEqualTo(1);
  }

  @Test
  void aGuestGetsTheRoomThatIsToldLater() {
    ScriptedWorker worker = fixture.attach("one", 2, ScriptedWorker.LATER);
    fixture.submitAtOnce(500);
    await().until(() -> worker.leases().size() == 2);
    Submissions other = fixture.submissions().of("other");
    RememberingWaiter waiter = fixture.submit(dispatcher.newId(), other);
    await().until(() -> !waiter.admissions().isEmpty());
    worker.send(new Frame.Credit(0, List.of(), 1));
    await().until(() -> worker.leases().size() == 3);
    assertThat(worker.leases().getLast().function()).isEqualTo(other.target().function());
  }

  @Test
  void roomForGuestsIsNothingToAFunctionThatIsAtHome() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    fixture.submitAtOnce(5);
    await().until(() -> worker.leases().size() == 1);
    worker.send(new Frame.Credit(0, List.of(), 5));
    Submissions other = fixture.submissions().of("other");
    fixture.submit(dispatcher.newId(), other);
    await().until(() -> worker.leases().size() >= 2);
    assertThat(worker.leases().getLast().function()).isEqualTo(other.target().function());
    assertThat(fixture.counts().running()).isEqualTo(2);
  }

  @Test
  void creditThatIsTakenBackIsNotUsed() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    worker.send(new Frame.Credit(-1, List.of()));
    ScriptedWorker other = fixture.attach("other", 1, ScriptedWorker.LATER);
    await().until(() -> dispatcher.workers().size() == 2 && free() == 1);
    fixture.submit();
    await().until(() -> other.leases().size() == 1);
    assertThat(worker.leases()).isEmpty();
  }

  @Test
  void aDrainingWorkerGetsNothingMore() {
    ScriptedWorker worker = fixture.attach("one", 5, ScriptedWorker.LATER);
    worker.send(new Frame.Drain());
    await().until(() -> dispatcher.workers().getFirst().draining());
    assertThat(dispatcher.whyNot(Requirements.NONE)).isPresent();
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> !waiter.admissions().isEmpty());
    assertThat(fixture.counts().queued()).isEqualTo(1);
    assertThat(worker.leases()).isEmpty();
  }
}
