package dev.fanfare.shard;

import static dev.fanfare.shard.Desk.SECOND;
import static dev.fanfare.shard.Desk.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.SessionId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What time does. */
class TimeTest {
  private static final long TO_START = Entry.START_ALLOWANCE_MICROS;

  private final Desk desk = new Desk();
  private final SessionId session = desk.attach(1);

  @Test
  void nothingIsDueInAnEmptyShard() {
    assertThat(new Desk().tick().nextDue()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aDelayedOneIsScheduledUntilItsTime() {
    desk.submit(Work.of(1).notBefore(START + SECOND));
    assertThat(desk.reply.nextDue()).isEqualTo(START + SECOND);
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.SCHEDULED);
    assertThat(desk.pass(SECOND - 1).offer(session, 1)).isEmpty();
    assertThat(desk.pass(1).offer(session, 1)).hasSize(1);
  }

  @Test
  void theShardTakesAnAttemptAwayWhenStartAndTimeoutAreOver() {
    desk.submit(Work.of(1).timeout(10 * SECOND));
    var lease = desk.lease(session);
    assertThat(desk.reply.nextDue()).isEqualTo(START + 10 * SECOND + TO_START);
    desk.pass(10 * SECOND + TO_START - 1).tick();
    assertThat(desk.reply.ended()).isEmpty();
    desk.pass(1).tick();
    assertThat(desk.reply.revocations()).hasSize(1);
    assertThat(failure(desk.reply.ended().getFirst())).isEqualTo(FailureCode.TIMED_OUT);
    assertThat(desk.succeed(session, lease)).isFalse();
  }

  @Test
  void aTimedOutAttemptIsTriedAgainWhileRetriesAreLeft() {
    desk.submit(Work.of(1).timeout(SECOND).retries(1));
    desk.lease(session);
    desk.pass(SECOND + TO_START).tick();
    assertThat(desk.reply.revocations()).hasSize(1);
    assertThat(desk.reply.ended()).isEmpty();
    assertThat(desk.pass(SECOND).lease(session).attempt()).isEqualTo(2);
    desk.pass(SECOND + TO_START).tick();
    assertThat(failure(desk.reply.ended().getFirst())).isEqualTo(FailureCode.TIMED_OUT);
  }

  @Test
  void anAdoptedAttemptIsTimedFromItsStart() {
    desk.submit(Work.of(1).timeout(SECOND));
    var lease = desk.lease(session);
    desk.pass(2 * SECOND).apply(new Transition.Detach(session));
    desk.adopt(desk.attach(2, "worker-1", Map.of()), lease);
    desk.pass(TO_START - SECOND).tick();
    assertThat(failure(desk.reply.ended().getFirst())).isEqualTo(FailureCode.TIMED_OUT);
  }

  @Test
  void aSlowStartDoesNotCountAgainstTheTimeout() {
    desk.submit(Work.of(1).timeout(SECOND));
    var lease = desk.lease(session);
    desk.pass(TO_START).tick();
    assertThat(desk.reply.ended()).isEmpty();
    assertThat(desk.succeed(session, lease)).isTrue();
  }

  @Test
  void waitingForTheFirstLeaseCanExpire() {
    desk.submit(Work.of(1).expiresAt(START + SECOND).deadline(START + 5 * SECOND));
    desk.pass(SECOND - 1).tick();
    assertThat(desk.reply.ended()).isEmpty();
    assertThat(desk.reply.nextDue()).isEqualTo(START + SECOND);
    desk.pass(1).tick();
    assertThat(failure(desk.reply.ended().getFirst())).isEqualTo(FailureCode.EXPIRED);
    assertThat(desk.reply.nextDue()).isEqualTo(session());
  }

  @Test
  void anExpiredOneIsNotLeasedInTheSameOperation() {
    desk.submit(Work.of(1).expiresAt(START + 1));
    assertThat(desk.pass(1).offer(session, 1)).isEmpty();
    assertThat(failure(desk.reply.ended().getFirst())).isEqualTo(FailureCode.EXPIRED);
  }

  @Test
  void whatIsExpiredWhenItComesIsNotLeased() {
    var submit = new Transition.Submit(List.of(Work.of(1).expiresAt(START - 1).submission()));
    desk.apply(List.of(submit), List.of(new Offer(session, 1, List.of(Work.of(1).warm(1)))));
    assertThat(desk.reply.grants()).isEmpty();
    assertThat(failure(desk.reply.ended().getFirst())).isEqualTo(FailureCode.EXPIRED);
  }

  @Test
  void aFirstLeaseEndsTheRiskOfExpiry() {
    desk.submit(Work.of(1).expiresAt(START + SECOND).retries(1));
    desk.fail(session, desk.lease(session), FailureCode.USER_FAULT);
    desk.pass(10 * SECOND).tick();
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.QUEUED);
  }

  @Test
  void aReturnedLeaseWasNoFirstLease() {
    desk.submit(Work.of(1).expiresAt(START + SECOND));
    desk.giveBack(session, desk.lease(session));
    desk.pass(SECOND).tick();
    assertThat(failure(desk.reply.ended().getFirst())).isEqualTo(FailureCode.EXPIRED);
  }

  @Test
  void theDeadlineEndsWhatWaits() {
    desk.submit(Work.of(1).deadline(START + SECOND));
    desk.submit(Work.of(2).deadline(START + SECOND).notBefore(START + 9 * SECOND));
    desk.pass(SECOND).tick();
    assertThat(desk.reply.ended()).hasSize(2);
    assertThat(desk.reply.ended()).allMatch(r -> failure(r) == FailureCode.TIMED_OUT);
  }

  @Test
  void theDeadlineEndsWhatRunsWhateverRetriesAreLeft() {
    desk.submit(Work.of(1).deadline(START + 5 * SECOND).retries(9));
    var lease = desk.lease(session);
    assertThat(lease.timeoutMicros()).isEqualTo(5 * SECOND);
    desk.pass(5 * SECOND).tick();
    assertThat(desk.reply.revocations()).hasSize(1);
    assertThat(failure(desk.reply.ended().getFirst())).isEqualTo(FailureCode.TIMED_OUT);
  }

  @Test
  void oneOperationDoesABoundedPartOfWhatIsDue() {
    int count = Clockwork.MOST_AT_ONCE + 5;
    desk.submitAll(
        IntStream.range(0, count).mapToObj(i -> Work.of(i).expiresAt(START + 1)).toList());
    desk.pass(1).tick();
    assertThat(desk.reply.ended()).hasSize(Clockwork.MOST_AT_ONCE);
    assertThat(desk.reply.nextDue()).isEqualTo(START + 1);
    assertThat(desk.offer(session, 10)).isEmpty();
    assertThat(desk.reply.ended()).hasSize(5);
  }

  @Test
  void expiryIsExactAmongAHundredThousandWaiting() {
    int count = 100_000;
    desk.submitAll(
        IntStream.range(0, count)
            .mapToObj(i -> Work.of(i).expiresAt(START + 1 + (i * 7_919L) % count))
            .toList());
    int ended = 0;
    for (long expected = START + 1; ended < 1_000; expected++) {
      assertThat(desk.tick().nextDue()).isEqualTo(expected);
      desk.now = expected;
      assertThat(desk.tick().ended()).hasSize(1);
      ended++;
    }
  }

  private long session() {
    return START + Desk.LEASE_MICROS;
  }

  private static FailureCode failure(InvocationRecord record) {
    return ((Outcome.Failure) record.outcome().orElseThrow()).fault().code();
  }
}
