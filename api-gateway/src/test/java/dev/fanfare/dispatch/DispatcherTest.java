package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatch.ObservedShards.Sent;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.Offer;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Reply.Cancellation;
import dev.fanfare.shard.ShardCounts;
import dev.fanfare.shard.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {
  private static final TenantId TENANT = TenantId.DEFAULT;
  private static final Duration WAKE_UP = Duration.ofMillis(50);

  private final DispatchFixture fixture = new DispatchFixture(4);
  private final Dispatcher dispatcher = fixture.dispatcher;

  @AfterEach
  void close() {
    fixture.close();
  }

  // ---- the main path ----

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

  // ---- room ----

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

  // ---- leases ----

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

  // ---- cancelling, looking ----

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

  @Test
  void anotherTenantsInvocationAnswersAsAMissingOne() {
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> !waiter.admissions().isEmpty());
    InvocationId id = newest();
    var stranger = new TenantId("stranger");
    assertThat(fixture.get(dispatcher.find(stranger, id))).isEmpty();
    assertThat(fixture.get(dispatcher.await(stranger, id, Duration.ofSeconds(5)))).isEmpty();
    assertThat(fixture.get(dispatcher.cancel(stranger, id, "mine")))
        .isEqualTo(Cancellation.UNKNOWN);
    assertThat(fixture.get(dispatcher.list(stranger, InvocationFilter.newest(10)))).isEmpty();
    assertThat(fixture.get(dispatcher.find(TENANT, id))).isPresent();
  }

  @Test
  void awaitingAnswersWhenTheInvocationEnds() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    fixture.submit(dispatcher.newId(), fixture.submissions().withAsync());
    await().until(() -> worker.leases().size() == 1);
    Lease lease = worker.leases().getFirst();
    var awaited = dispatcher.await(TENANT, lease.id(), Duration.ofSeconds(30));
    worker.succeed(lease);
    assertThat(fixture.get(awaited))
        .map(InvocationRecord::state)
        .contains(InvocationState.SUCCEEDED);
    assertThat(fixture.get(dispatcher.await(TENANT, lease.id(), Duration.ofSeconds(30))))
        .isPresent();
  }

  @Test
  void awaitingAnswersWithTheStateWhenTheTimeIsOver() {
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> !waiter.admissions().isEmpty());
    assertThat(fixture.get(dispatcher.await(TENANT, newest(), Duration.ofMillis(20))))
        .map(InvocationRecord::state)
        .contains(InvocationState.QUEUED);
    assertThat(fixture.get(dispatcher.await(TENANT, dispatcher.newId(), Duration.ofSeconds(30))))
        .isEmpty();
  }

  @Test
  void aListHasWhatWaitsAndWhatEndedNewestFirst() {
    fixture.attach("one", 3, ScriptedWorker.AT_ONCE);
    List<RememberingWaiter> ended = fixture.submitAtOnce(3);
    await().until(() -> ended.stream().allMatch(w -> w.ends().size() == 1));
    fixture.submit(dispatcher.newId(), fixture.submissions().withRequirements(demanding("gpu")));
    await().until(() -> fixture.counts().queued() == 1);
    List<InvocationRecord> all = fixture.get(dispatcher.list(TENANT, InvocationFilter.newest(10)));
    assertThat(all).hasSize(4);
    assertThat(all.getFirst().state()).isEqualTo(InvocationState.QUEUED);
    assertThat(fixture.get(dispatcher.list(TENANT, InvocationFilter.newest(2)))).hasSize(2);
  }

  // ---- the ledger ----

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

  // ---- shards that do not answer ----

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

  // ---- ids and words ----

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

  private InvocationId newest() {
    return fixture.get(dispatcher.list(TENANT, InvocationFilter.newest(1))).getFirst().id();
  }

  private int free() {
    return dispatcher.workers().stream().mapToInt(WorkerView::free).sum();
  }

  private <T extends Transition> List<T> transitions(Class<T> kind) {
    return fixture.shards.sent().stream()
        .flatMap(sent -> sent.batch().transitions().stream())
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  private static boolean has(List<Transition> transitions, Class<? extends Transition> kind) {
    return transitions.stream().anyMatch(kind::isInstance);
  }

  private static Requirements demanding(String... constraints) {
    return Requirements.NONE.and(List.of(constraints).stream().map(Constraint::parse).toList());
  }
}
