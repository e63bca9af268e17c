package dev.fanfare.shard;

import static dev.fanfare.shard.Desk.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.shard.Reply.Cancellation;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CancelTest {
  private final Desk desk = new Desk();
  private final SessionId session = desk.attach(1);

  @Test
  void whatWaitsEndsAtOnce() {
    desk.submit(Work.of(1));
    assertThat(desk.cancel(Work.id(1))).isEqualTo(Cancellation.CANCELLED);
    InvocationRecord record = desk.reply.ended().getFirst();
    assertThat(record.state()).isEqualTo(InvocationState.CANCELLED);
    assertThat(record.outcome()).contains(new Outcome.Cancelled("not needed"));
    assertThat(desk.reply.revocations()).isEmpty();
    assertThat(desk.offer(session, 1)).isEmpty();
  }

  @Test
  void whatIsScheduledEndsAtOnce() {
    desk.submit(Work.of(1).notBefore(desk.now + SECOND));
    assertThat(desk.cancel(Work.id(1))).isEqualTo(Cancellation.CANCELLED);
    desk.pass(2 * SECOND);
    assertThat(desk.offer(session, 1)).isEmpty();
  }

  @Test
  void whatRunsIsRevokedAndEndsAtOnce() {
    desk.submit(Work.of(1));
    var lease = desk.lease(session);
    assertThat(desk.cancel(Work.id(1))).isEqualTo(Cancellation.CANCELLED);
    assertThat(desk.reply.revocations())
        .containsExactly(
            new ShardReply.Revocation(Desk.NODE, session, Desk.held(lease), "not needed"));
    assertThat(desk.reply.ended()).hasSize(1);
    assertThat(desk.succeed(session, lease)).isFalse();
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.CANCELLED);
  }

  @Test
  void whatIsBetweenTwoAttemptsIsNotTriedAgain() {
    desk.submit(Work.of(1).retries(1));
    desk.fail(session, desk.lease(session), FailureCode.USER_FAULT);
    assertThat(desk.cancel(Work.id(1))).isEqualTo(Cancellation.CANCELLED);
    assertThat(desk.pass(SECOND).offer(session, 1)).isEmpty();
  }

  @Test
  void whatEndedBeforeStaysAsItIs() {
    desk.submit(Work.of(1));
    desk.succeed(session, desk.lease(session));
    assertThat(desk.cancel(Work.id(1))).isEqualTo(Cancellation.ENDED);
    assertThat(desk.reply.ended()).isEmpty();
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.SUCCEEDED);
  }

  @Test
  void whatIsNotHereIsUnknown() {
    assertThat(desk.cancel(Work.id(1))).isEqualTo(Cancellation.UNKNOWN);
    desk.submit(Work.of(1));
    desk.succeed(session, desk.lease(session));
    desk.apply(new Transition.Forget(List.of(Work.id(1))));
    assertThat(desk.cancel(Work.id(1))).isEqualTo(Cancellation.UNKNOWN);
  }

  @Test
  void theOthersKeepTheirOrder() {
    IntStream.range(0, 1_000).forEach(i -> desk.submit(Work.of(i)));
    IntStream.range(0, 1_000).filter(i -> i % 7 != 3).forEach(i -> desk.cancel(Work.id(i)));
    assertThat(desk.drain(session))
        .isEqualTo(IntStream.range(0, 1_000).filter(i -> i % 7 == 3).mapToObj(Work::id).toList());
  }
}
