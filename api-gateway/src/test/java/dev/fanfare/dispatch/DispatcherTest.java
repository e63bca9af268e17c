package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatch.ObservedShards.Sent;
import dev.fanfare.frame.Frame;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.Offer;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Transition;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is submitted runs, and leaves in batches. */
@Timeout(60)
class DispatcherTest extends DispatcherScene {
  @Test
  void aSubmissionRunsOnAWorkerAndItsWaiterHearsOfTheEnd() {
    fixture.attach("one", 1, ScriptedWorker.AT_ONCE);
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> !waiter.ends().isEmpty());
    assertThat(waiter.admissions()).containsExactly(Admission.ACCEPTED);
    assertThat(waiter.end().state()).isEqualTo(InvocationState.SUCCEEDED);
    assertThat(waiter.end().worker())
        .hasValueSatisfying(w -> assertThat(w.value()).isEqualTo("one"));
    assertThat(waiter.uncertainties()).isEmpty();
  }

  @Test
  void anAsynchronousSubmissionIsOnlyAdmitted() {
    fixture.attach("one", 1, ScriptedWorker.AT_ONCE);
    InvocationId id = dispatcher.newId();
    RememberingWaiter waiter = fixture.submit(id, fixture.submissions().withAsync());
    await().until(() -> fixture.history.size() == 1);
    assertThat(waiter.admissions()).containsExactly(Admission.ACCEPTED);
    assertThat(waiter.ends()).isEmpty();
  }

  @Test
  void submissionsOfOneTickGoAsOneBatch() {
    List<RememberingWaiter> waiters = fixture.submitAtOnce(100);
    await().until(() -> waiters.stream().allMatch(w -> !w.admissions().isEmpty()));
    List<Transition.Submit> submits = transitions(Transition.Submit.class);
    assertThat(submits).hasSize(1);
    assertThat(submits.getFirst().submissions()).hasSize(100);
  }

  @Test
  void submissionsAreLeasedInTheOperationThatBringsThem() {
    ScriptedWorker worker = fixture.attach("one", 100, ScriptedWorker.LATER);
    await().until(() -> free() == 100);
    fixture.submitAtOnce(100);
    await().until(() -> worker.leases().size() == 100);
    assertThat(worker.heard(Frame.Leases.class)).hasSize(1);
    List<Sent> withOffers =
        fixture.shards.sent().stream().filter(s -> !s.batch().offers().isEmpty()).toList();
    assertThat(withOffers)
        .singleElement()
        .satisfies(
            sent -> {
              assertThat(sent.batch().transitions()).anyMatch(t -> t instanceof Transition.Submit);
              assertThat(sent.batch().offers())
                  .singleElement()
                  .extracting(Offer::free)
                  .isEqualTo(100);
            });
  }

  @Test
  void whatComesWhileABatchIsUnderWayGoesTogetherWithTheNext() {
    fixture.shards.hold();
    InvocationId first = dispatcher.newId();
    RememberingWaiter waiter = fixture.submit(first, fixture.submissions());
    await().until(() -> transitions(Transition.Submit.class).size() == 1);
    for (int i = 1; i <= 50; i++) {
      fixture.submit(new InvocationId(first.high(), first.low() + i), fixture.submissions());
    }
    assertThat(waiter.admissions()).isEmpty();
    fixture.shards.release();
    await().until(() -> fixture.counts().accepted() == 51);
    assertThat(transitions(Transition.Submit.class))
        .extracting(s -> s.submissions().size())
        .containsExactly(1, 50);
  }

  @Test
  void settlementsOfOneFrameGoAsOneBatch() {
    ScriptedWorker worker = fixture.attach("one", 50, ScriptedWorker.AT_ONCE);
    await().until(() -> free() == 50);
    List<RememberingWaiter> waiters = fixture.submitAtOnce(50);
    await().until(() -> waiters.stream().allMatch(w -> w.ends().size() == 1));
    assertThat(transitions(Transition.Settle.class))
        .singleElement()
        .satisfies(s -> assertThat(s.settlements()).hasSize(50));
    await().until(() -> worker.heard(Frame.Acknowledged.class).size() == 1);
    assertThat(worker.heard(Frame.Acknowledged.class).getFirst().stale()).isEmpty();
  }

  @Test
  void idsStickToOneShardForAWhileAndComeRoundToAll() {
    Set<Integer> shards = new HashSet<>();
    Set<InvocationId> ids = new HashSet<>();
    int changes = 0;
    int last = -1;
    long end = System.nanoTime() + Duration.ofMillis(900).toNanos();
    while (System.nanoTime() < end) {
      InvocationId id = dispatcher.newId();
      ids.add(id);
      changes += id.shard() == last ? 0 : 1;
      last = id.shard();
      shards.add(last);
      Thread.onSpinWait();
    }
    assertThat(shards).containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(changes).isBetween(4, 12);
    assertThat(ids).hasSizeGreaterThan(100);
  }

  @Test
  void whyNotNamesWhatNoWorkerHas() {
    assertThat(dispatcher.whyNot(Requirements.NONE)).contains("no worker is connected");
    fixture.attach("one", Map.of("zone", "a"), 0, ScriptedWorker.LATER);
    fixture.attach("two", Map.of("gpu", "a100"), 0, ScriptedWorker.LATER);
    await().until(() -> dispatcher.workers().size() == 2);
    assertThat(dispatcher.whyNot(Requirements.NONE)).isEmpty();
    assertThat(dispatcher.whyNot(demanding("gpu=a100"))).isEmpty();
    assertThat(dispatcher.whyNot(demanding("gpu=h100")))
        .contains("none of the 2 connected workers has gpu=h100");
    assertThat(dispatcher.whyNot(demanding("gpu=a100", "zone=a")))
        .hasValueSatisfying(
            why -> assertThat(why).contains("gpu=a100").contains("zone=a").contains("together"));
  }
}
