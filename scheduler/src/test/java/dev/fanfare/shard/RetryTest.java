package dev.fanfare.shard;

import static dev.fanfare.shard.Desk.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.Frame;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.SessionId;
import java.time.Duration;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What follows a failed attempt. */
class RetryTest {
  private static final ShardLimits LIMITS = ShardLimits.DEFAULT;

  private final Desk desk = new Desk();
  private final SessionId session = desk.attach(1);

  @ParameterizedTest
  @EnumSource(names = {"USER_FAULT", "TIMED_OUT", "OUT_OF_MEMORY", "CRASHED"})
  void isTriedAgainWhileRetriesAreLeft(FailureCode code) {
    desk.submit(Work.of(1).retries(2));
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThat(desk.reply.ended()).isEmpty();
      var lease = desk.pass(SECOND).lease(session);
      assertThat(lease.attempt()).isEqualTo(attempt);
      desk.fail(session, lease, code);
    }
    InvocationRecord record = desk.reply.ended().getFirst();
    assertThat(record.state()).isEqualTo(InvocationState.FAILED);
    assertThat(record.outcome()).contains(Outcome.Failure.of(code, "on purpose"));
    assertThat(record.attempts()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"USER_FAULT", "TIMED_OUT", "OUT_OF_MEMORY", "CRASHED", "WORKER_LOST"})
  void isNeverTriedAgain(FailureCode code) {
    desk.submit(Work.of(1).retries(5));
    desk.fail(session, desk.lease(session), code);
    assertThat(desk.reply.ended().getFirst().outcome())
        .contains(Outcome.Failure.of(code, "on purpose"));
  }

  @Test
  void aCancelledOutcomeIsNotTriedAgain() {
    desk.submit(Work.of(1).retries(5));
    desk.settle(session, desk.lease(session), new Outcome.Cancelled("by hand"));
    assertThat(desk.reply.ended().getFirst().state()).isEqualTo(InvocationState.CANCELLED);
  }

  @Test
  void aWorkerLostBehindTheWorkerCountsAsALoss() {
    desk.submit(Work.of(1));
    for (int i = 0; i < 4; i++) {
      assertThat(desk.reply.ended()).isEmpty();
      desk.fail(session, desk.lease(session), FailureCode.WORKER_LOST);
    }
    assertThat(desk.reply.ended()).hasSize(1);
  }

  @Test
  void whatWasLostBehindTheWorkerIsRunAloneFromThenOn() {
    desk.submit(Work.of(1));
    Frame.Lease first = desk.lease(session);
    assertThat(first.alone()).isFalse();
    desk.fail(session, first, FailureCode.WORKER_LOST);
    Frame.Lease second = desk.lease(session);
    assertThat(second.alone()).isTrue();
    desk.apply(new Transition.Detach(session));
    assertThat(desk.lease(desk.attach(2, "worker-1", Map.of())).alone()).isTrue();
  }

  @Test
  void whatWasLostWithItsWorkerMayHaveCompany() {
    desk.submit(Work.of(1));
    desk.lease(session);
    desk.apply(new Transition.Detach(session));
    assertThat(desk.lease(desk.attach(2, "worker-1", Map.of())).alone()).isFalse();
  }

  @Test
  void theDefaultIsNoRetry() {
    desk.submit(Work.of(1));
    desk.fail(session, desk.lease(session), FailureCode.USER_FAULT);
    assertThat(desk.reply.ended()).hasSize(1);
  }

  @Test
  void isScheduledUntilThePauseIsOver() {
    desk.submit(Work.of(1).retries(1));
    desk.fail(session, desk.lease(session), FailureCode.USER_FAULT);
    InvocationRecord record = desk.find(Work.id(1));
    assertThat(record.state()).isEqualTo(InvocationState.SCHEDULED);
    assertThat(record.dueAt()).isBetween(desk.now + 1, desk.now + 200_000);
    assertThat(desk.reply.nextDue()).isEqualTo(record.dueAt());
    desk.now = record.dueAt() - 1;
    assertThat(desk.offer(session, 1)).isEmpty();
    assertThat(desk.pass(1).offer(session, 1)).hasSize(1);
    assertThat(desk.counts().retried()).isEqualTo(1);
  }

  @Test
  void aRetryThatCouldOnlyComeAfterTheDeadlineIsNotAwaited() {
    desk.submit(Work.of(1).retries(5).deadline(desk.now + 2));
    desk.fail(session, desk.lease(session), FailureCode.USER_FAULT);
    assertThat(desk.reply.ended().getFirst().outcome())
        .contains(Outcome.Failure.of(FailureCode.USER_FAULT, "on purpose"));
  }

  @Test
  void thePausesBoundDoublesUntilTheLongest() {
    for (int failures = 1; failures <= 100; failures++) {
      long bound = (long) Math.min(60e6, 200e3 * Math.pow(2, failures - 1));
      long[] pauses = pauses(failures);
      assertThat(LongStream.of(pauses).min().orElseThrow()).isBetween(0L, bound / 20);
      assertThat(LongStream.of(pauses).max().orElseThrow()).isBetween(bound * 19 / 20, bound);
      assertThat(LongStream.of(pauses).average().orElseThrow())
          .isBetween(bound * 0.45, bound * 0.55);
    }
  }

  @Test
  void thePauseIsTheSameWhereverItIsWorkedOut() {
    assertThat(pauses(3)).isEqualTo(pauses(3));
  }

  @Test
  void noBackoffIsNoPause() {
    var eager = new ShardLimits(10, 10, 3, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1));
    assertThat(RetryDecision.after(FailureCode.USER_FAULT, 1, 0, 1, eager, 5))
        .isEqualTo(new RetryDecision.TryAgain(0));
  }

  private static long[] pauses(int failures) {
    return LongStream.range(0, 1_000)
        .map(
            seed ->
                RetryDecision.after(FailureCode.USER_FAULT, failures, 0, 100, LIMITS, seed * 977)
                        instanceof RetryDecision.TryAgain(long pause)
                    ? pause
                    : -1)
        .toArray();
  }
}
