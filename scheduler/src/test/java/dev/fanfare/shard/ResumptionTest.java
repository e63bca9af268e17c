package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.shard.Reply.Admission;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that was in a shard before and comes again. */
@Timeout(10)
class ResumptionTest {
  private final Desk desk = new Desk();
  private final SessionId session = desk.attach(1);

  @Test
  void itsAttemptsGoOnUnderHigherFences() {
    desk.submit(Work.of(1).again(2, 1, 1L << 32));

    var lease = desk.lease(session);

    assertThat(lease.attempt()).isEqualTo(3);
    assertThat(lease.fence()).isEqualTo((1L << 32) + 1);
    desk.succeed(session, lease);
    InvocationRecord end = desk.reply.ended().getFirst();
    assertThat(end.attempts()).isEqualTo(3);
    assertThat(end.losses()).isEqualTo(1);
    assertThat(end.submittedAt()).isEqualTo(1);
  }

  @Test
  void oneThatIsSubmittedOnceMoreHasFencesAboveThoseBefore() {
    desk.submit(Work.of(1));
    desk.succeed(session, desk.lease(session));
    desk.apply(new Transition.Forget(List.of(Work.id(1))));
    desk.apply(new Transition.Submit(List.of(Work.of(1).submission().above(1 << 16))));

    var lease = desk.lease(session);

    assertThat(lease.fence()).isEqualTo((1 << 16) + 1);
    assertThat(lease.attempt()).isEqualTo(1);
    desk.succeed(session, lease);
    assertThat(desk.reply.ended().getFirst().submittedAt()).isEqualTo(desk.now);
  }

  @Test
  void oneThatWasLostTooOftenEndsAtOnce() {
    desk.submit(Work.of(1).again(4, 4, 9));

    assertThat(desk.reply.grants()).isEmpty();
    assertThat(desk.reply.ended().getFirst().outcome().orElseThrow())
        .isInstanceOfSatisfying(
            Outcome.Failure.class,
            failure -> assertThat(failure.fault().code()).isEqualTo(FailureCode.WORKER_LOST));
  }

  @Test
  void oneThatIsThereStaysAsItIs() {
    desk.submit(Work.of(1));
    desk.submit(Work.of(1).again(2, 2, 9));

    assertThat(desk.reply.replies())
        .containsExactly(new Reply.Admissions(List.of(Admission.DUPLICATE)));
    assertThat(desk.lease(session).attempt()).isEqualTo(1);
  }

  @Test
  void whoeverBringsOneAgainThatHasEndedHearsOfItsEnd() {
    desk.submit(Work.of(1));
    desk.succeed(session, desk.lease(session));
    InvocationRecord end = desk.reply.ended().getFirst();

    desk.submit(Work.of(1).again(1, 1, 9));

    assertThat(desk.reply.ended()).containsExactly(end);
  }

  @Test
  void everyLeaseAndEveryRetryIsMarked() {
    desk.submit(Work.of(1).retries(1));
    var lease = desk.lease(session);
    assertThat(desk.reply.marks()).containsExactly(mark(lease.id(), 1, true));

    desk.fail(session, lease, FailureCode.USER_FAULT);

    assertThat(desk.reply.marks()).hasSize(1);
    Mark retried = desk.reply.marks().getFirst();
    assertThat(retried.running()).isFalse();
    assertThat(retried.dueAt()).isGreaterThanOrEqualTo(desk.now);
  }

  @Test
  void whatSomebodyWaitsForIsNotMarked() {
    desk.submit(Work.of(1).sync());
    desk.lease(session);
    assertThat(desk.reply.marks()).isEmpty();
  }

  private Mark mark(InvocationId id, int attempts, boolean running) {
    return new Mark(id, Desk.NODE, attempts, 0, 1, desk.now, running);
  }
}
