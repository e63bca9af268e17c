package dev.fanfare.shard;

import static dev.fanfare.shard.Desk.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.Frame;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may run an attempt and tell its outcome. */
class LeaseTest {
  private final Desk desk = new Desk();
  private final SessionId session = desk.attach(1);

  @Test
  void whatIsSubmittedIsLeasedAndSettled() {
    desk.submit(Work.of(1));
    desk.pass(5);
    Frame.Lease lease = desk.lease(session);
    assertThat(lease.id()).isEqualTo(Work.id(1));
    assertThat(lease.fence()).isEqualTo(1);
    assertThat(lease.attempt()).isEqualTo(1);
    assertThat(lease.timeoutMicros()).isEqualTo(60 * SECOND);
    assertThat(desk.pass(5).succeed(session, lease)).isTrue();
    InvocationRecord record = desk.reply.ended().getFirst();
    assertThat(record.state()).isEqualTo(InvocationState.SUCCEEDED);
    assertThat(record.submittedAt()).isEqualTo(Desk.START);
    assertThat(record.startedAt()).isEqualTo(Desk.START + 5);
    assertThat(record.endedAt()).isEqualTo(Desk.START + 10);
    assertThat(record.worker()).contains(new WorkerId("worker-1"));
  }

  @Test
  void submissionAndLeaseCanBeOneOperation() {
    var submit = new Transition.Submit(List.of(Work.of(1).submission()));
    var reply = desk.apply(List.of(submit), List.of(new Offer(session, 1, List.of())));
    assertThat(reply.grants()).hasSize(1);
    assertThat(reply.waiting()).isEmpty();
  }

  @Test
  void theFenceRisesWithEveryLease() {
    desk.submit(Work.of(1).retries(1));
    Frame.Lease first = desk.lease(session);
    desk.giveBack(session, first);
    Frame.Lease second = desk.lease(session);
    desk.fail(session, second, FailureCode.USER_FAULT);
    Frame.Lease third = desk.pass(SECOND).lease(session);
    desk.apply(new Transition.Detach(session));
    Frame.Lease fourth = desk.lease(desk.attach(2));
    assertThat(List.of(first.fence(), second.fence(), third.fence(), fourth.fence()))
        .containsExactly(1L, 2L, 3L, 4L);
    assertThat(List.of(first.attempt(), second.attempt(), third.attempt(), fourth.attempt()))
        .containsExactly(1, 1, 2, 3);
  }

  @Test
  void anotherSessionsSettlementIsStale() {
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(session);
    SessionId other = desk.attach(2);
    assertThat(desk.succeed(other, lease)).isFalse();
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.RUNNING);
    assertThat(desk.succeed(session, lease)).isTrue();
  }

  @Test
  void anOlderFenceIsStaleAlsoFromTheHolder() {
    desk.submit(Work.of(1));
    Frame.Lease first = desk.lease(session);
    desk.giveBack(session, first);
    Frame.Lease second = desk.lease(session);
    assertThat(desk.succeed(session, first)).isFalse();
    desk.giveBack(session, first);
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.RUNNING);
    assertThat(desk.succeed(session, second)).isTrue();
  }

  @Test
  void aFenceThatWasNeverGrantedIsStale() {
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(session);
    var settlement =
        new Frame.Settlement(lease.id(), lease.fence() + 1, new Outcome.Cancelled(""), Usage.NONE);
    var settled = (Reply.Settled) desk.apply(new Transition.Settle(session, List.of(settlement)));
    assertThat(settled.stale()).containsExactly(new Frame.Held(lease.id(), lease.fence() + 1));
  }

  @Test
  void aSecondSettlementIsStale() {
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(session);
    assertThat(desk.succeed(session, lease)).isTrue();
    assertThat(desk.fail(session, lease, FailureCode.USER_FAULT)).isFalse();
    assertThat(desk.reply.ended()).isEmpty();
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.SUCCEEDED);
  }

  @Test
  void aReturnedLeaseDoesNotCount() {
    desk.submit(Work.of(1));
    for (int i = 0; i < 10; i++) {
      Frame.Lease lease = desk.lease(session);
      assertThat(lease.attempt()).isEqualTo(1);
      desk.giveBack(session, lease);
    }
    InvocationRecord record = desk.find(Work.id(1));
    assertThat(record.state()).isEqualTo(InvocationState.QUEUED);
    assertThat(record.attempts()).isZero();
    assertThat(record.losses()).isZero();
    assertThat(record.fence()).isEqualTo(10);
    assertThat(record.startedAt()).isZero();
  }

  @Test
  void aLostWorkersWorkIsLeasedAgainThreeTimesAndThenFailed() {
    desk.submit(Work.of(1));
    for (int attempt = 1; attempt <= 4; attempt++) {
      SessionId next = desk.attach(10 + attempt);
      assertThat(desk.lease(next).attempt()).isEqualTo(attempt);
      desk.apply(new Transition.Detach(next));
    }
    InvocationRecord record = desk.reply.ended().getFirst();
    assertThat(failure(record)).isEqualTo(FailureCode.WORKER_LOST);
    assertThat(record.attempts()).isEqualTo(4);
    assertThat(record.losses()).isEqualTo(4);
    assertThat(desk.offer(session, 1)).isEmpty();
  }

  @Test
  void lossesDoNotUseUpRetries() {
    desk.submit(Work.of(1).retries(1));
    for (int i = 0; i < 3; i++) {
      SessionId next = desk.attach(10 + i);
      desk.lease(next);
      desk.apply(new Transition.Detach(next));
    }
    desk.fail(session, desk.lease(session), FailureCode.USER_FAULT);
    assertThat(desk.reply.ended()).isEmpty();
    desk.pass(SECOND);
    desk.fail(session, desk.lease(session), FailureCode.USER_FAULT);
    assertThat(failure(desk.reply.ended().getFirst())).isEqualTo(FailureCode.USER_FAULT);
    assertThat(desk.reply.ended().getFirst().attempts()).isEqualTo(5);
  }

  @Test
  void aSessionThatIsNotRenewedIsLostAndItsLeasesAreRevoked() {
    SessionId brief = Desk.session(2);
    desk.apply(
        new Transition.Attach(brief, Desk.worker("brief", Map.of()), Desk.NODE, 10 * SECOND));
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(brief);
    assertThat(desk.reply.nextDue()).isEqualTo(Desk.START + 10 * SECOND);
    desk.pass(6 * SECOND).apply(new Transition.Renew(List.of(brief)));
    desk.pass(9 * SECOND).tick();
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.RUNNING);
    desk.pass(SECOND).tick();
    assertThat(desk.reply.revocations()).hasSize(1);
    assertThat(desk.reply.revocations().getFirst().lease()).isEqualTo(Desk.held(lease));
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.QUEUED);
    assertThat(desk.succeed(brief, lease)).isFalse();
    desk.offer(brief, 1);
    assertThat(desk.reply.unattached()).containsExactly(brief);
  }

  @Test
  void attachingAgainIsHarmless() {
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(session);
    desk.attach(1);
    assertThat(desk.succeed(session, lease)).isTrue();
  }

  @Test
  void anUnattachedSessionGetsNothingAndIsTold() {
    desk.submit(Work.of(1));
    assertThat(desk.offer(Desk.session(9), 1)).isEmpty();
    assertThat(desk.reply.unattached()).containsExactly(Desk.session(9));
    assertThat(desk.reply.waiting()).hasSize(1);
  }

  @Test
  void aWorkerThatComesBackAdoptsWhatNobodyTook() {
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(session);
    desk.apply(new Transition.Detach(session));
    SessionId back = desk.attach(2, "worker-1", Map.of());
    assertThat(desk.adopt(back, lease)).isTrue();
    InvocationRecord record = desk.find(Work.id(1));
    assertThat(record.state()).isEqualTo(InvocationState.RUNNING);
    assertThat(record.attempts()).isEqualTo(1);
    assertThat(record.losses()).isZero();
    assertThat(record.fence()).isEqualTo(lease.fence());
    assertThat(desk.offer(back, 1)).isEmpty();
    assertThat(desk.succeed(session, lease)).isFalse();
    assertThat(desk.succeed(back, lease)).isTrue();
  }

  @Test
  void anAttemptThatKeepsBeingAdoptedIsNotLost() {
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(session);
    for (int i = 0; i < 20; i++) {
      desk.apply(new Transition.Detach(i == 0 ? session : Desk.session(10 + i)));
      assertThat(desk.adopt(desk.attach(11 + i, "worker-1", Map.of()), lease)).isTrue();
    }
    assertThat(desk.succeed(Desk.session(30), lease)).isTrue();
  }

  @Test
  void whatAnotherTookIsNotAdopted() {
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(session);
    desk.apply(new Transition.Detach(session));
    SessionId other = desk.attach(2);
    Frame.Lease taken = desk.lease(other);
    assertThat(desk.adopt(desk.attach(3, "worker-1", Map.of()), lease)).isFalse();
    assertThat(desk.succeed(other, taken)).isTrue();
  }

  @Test
  void aLeaseMovesWithItsWorkerToANewSessionBeforeTheOldOneIsGone() {
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(session);
    SessionId back = desk.attach(2, "worker-1", Map.of());
    assertThat(desk.adopt(back, lease)).isTrue();
    desk.apply(new Transition.Detach(session));
    assertThat(desk.succeed(back, lease)).isTrue();
  }

  @Test
  void anotherWorkerAdoptsNothing() {
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(session);
    SessionId other = desk.attach(2);
    assertThat(desk.adopt(other, lease)).isFalse();
    desk.apply(new Transition.Detach(session));
    assertThat(desk.adopt(other, lease)).isFalse();
  }

  @Test
  void whatWasGivenBackIsNotAdopted() {
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(session);
    desk.giveBack(session, lease);
    assertThat(desk.adopt(session, lease)).isFalse();
  }

  @Test
  void whatWasSettledIsNotAdopted() {
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(session);
    desk.fail(session, lease, FailureCode.WORKER_LOST);
    assertThat(desk.adopt(session, lease)).isFalse();
  }

  @Test
  void aSessionThatIsNotAttachedAdoptsNothing() {
    desk.submit(Work.of(1));
    Frame.Lease lease = desk.lease(session);
    desk.apply(new Transition.Detach(session));
    assertThat(desk.adopt(Desk.session(9), lease)).isFalse();
  }

  @Test
  void onlyTheLostSessionsLeasesAreGivenBack() {
    SessionId other = desk.attach(2, "worker-1", Map.of());
    desk.submitAll(List.of(Work.of(1), Work.of(2)));
    Frame.Lease mine = desk.lease(session);
    Frame.Lease others = desk.lease(other);
    desk.apply(new Transition.Detach(session));
    assertThat(desk.succeed(other, others)).isTrue();
    assertThat(desk.find(mine.id()).state()).isEqualTo(InvocationState.QUEUED);
  }

  private static FailureCode failure(InvocationRecord record) {
    return ((Outcome.Failure) record.outcome().orElseThrow()).fault().code();
  }
}
