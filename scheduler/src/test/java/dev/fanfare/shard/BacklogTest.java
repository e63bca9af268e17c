package dev.fanfare.shard;

import static dev.fanfare.shard.Desk.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A million wait, and nothing is slow because of it. */
class BacklogTest {
  private static final int MILLION = 1_000_000;

  private final Desk desk = new Desk();
  private final SessionId session = desk.attach(1);

  @Test
  void aMillionWaitingDelayNeitherAnotherFunctionNorExpiryNorCancellation() {
    submit(MILLION - 5_000, desk.now + 100 * SECOND);
    desk.lease(session);
    for (int i = 0; i < 1_000; i++) {
      int number = MILLION + i;
      desk.pass(10).submit(Work.of(number).function("call"));
      assertThat(desk.lease(session).id()).isEqualTo(Work.id(number));
      desk.offer(session, 1);
      desk.cancel(Work.id(MILLION / 2 + i));
    }
    assertThat(desk.counts().queued()).isBetween((long) MILLION - 8_000, (long) MILLION);
    desk.pass(100 * SECOND);
    int ended = 0;
    do {
      ended += desk.tick().ended().size();
      assertThat(desk.reply.ended()).hasSizeLessThanOrEqualTo(Clockwork.MOST_AT_ONCE);
    } while (desk.reply.nextDue() <= desk.now);
    assertThat(ended).isGreaterThan(MILLION - 10_000);
  }

  @Test
  void manyAreTakenInOrder() {
    submit(MILLION / 4, 0);
    int expected = 0;
    while (expected < MILLION / 4) {
      for (Grant grant : desk.offer(session, 10_000)) {
        assertThat(grant.lease().id().low()).isEqualTo(expected++);
      }
    }
  }

  @Test
  void workersThatMeetOtherRequirementsFindTheirsAtOnce() {
    submit(MILLION / 4, 0);
    SessionId gpu = desk.attach(2, "big", Map.of("gpu", "a100"));
    for (int i = 0; i < 1_000; i++) {
      desk.submit(Work.of(MILLION + i).function("train").requiring("gpu"));
    }
    List<InvocationId> taken = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      taken.add(desk.lease(gpu).id());
    }
    assertThat(taken).contains(Work.id(MILLION), Work.id(MILLION + 999));
  }

  private void submit(int count, long expiresAt) {
    Target target = Work.of(0).submission().target();
    int chunk = 10_000;
    for (int from = 0; from < count; from += chunk) {
      var submissions = new ArrayList<Submission>(chunk);
      for (int i = from; i < Math.min(count, from + chunk); i++) {
        submissions.add(Work.of(i).bytes(10).expiresAt(expiresAt).submission(target));
      }
      desk.apply(new Transition.Submit(submissions));
    }
  }
}
