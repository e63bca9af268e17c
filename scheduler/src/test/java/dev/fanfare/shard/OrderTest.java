package dev.fanfare.shard;

import static dev.fanfare.shard.Desk.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.shard.Reply.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who comes first. */
class OrderTest {
  private final Desk desk = new Desk();
  private final SessionId session = desk.attach(1);

  @Test
  void whatCameFirstIsTakenFirst() {
    IntStream.range(0, 50).forEach(i -> desk.pass(i % 3).submit(Work.of(i)));
    assertThat(desk.drain(session)).isEqualTo(ids(IntStream.range(0, 50)));
  }

  @Test
  void aHigherPriorityGoesFirst() {
    desk.submit(Work.of(1));
    desk.submit(Work.of(2).priority(-1));
    desk.submit(Work.of(3).priority(100));
    desk.submit(Work.of(4).priority(1));
    desk.submit(Work.of(5).priority(1));
    assertThat(desk.drain(session)).isEqualTo(ids(3, 4, 5, 1, 2));
  }

  @Test
  void whatNobodyWaitsForStandsAsItsIdsDo() {
    desk.submit(Work.of(2));
    desk.submit(Work.of(1));
    assertThat(desk.drain(session)).isEqualTo(ids(2, 1)); // of one millisecond, as they came
    desk.pass(SECOND).submit(Work.of(4));
    desk.submit(Work.of(3).again(1));
    assertThat(desk.drain(session)).isEqualTo(ids(3, 4));
  }

  @Test
  void waitingForTheAgingTimeMakesUpForOnePriority() {
    desk.submit(Work.of(1).sync());
    desk.pass(SECOND - 1).submit(Work.of(2).sync().priority(1));
    desk.pass(2).submit(Work.of(3).sync().priority(1));
    assertThat(desk.drain(session)).isEqualTo(ids(2, 1, 3));
  }

  @Test
  void theLeastPriorityIsTakenAtLastWhileHigherOnesKeepComing() {
    desk.submit(Work.of(0).priority(-100));
    int taken = 0;
    for (int i = 1; taken != 1 && i < 1_000; i++) {
      desk.pass(SECOND).submit(Work.of(i).priority(100));
      taken = desk.offer(session, 1).getFirst().lease().id().equals(Work.id(0)) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(1);
    assertThat(desk.now - Desk.START).isBetween(200 * SECOND, 202 * SECOND);
  }

  @Test
  void aReturnedLeaseGoesBackToItsOldPlace() {
    desk.submitAll(List.of(Work.of(1), Work.of(2), Work.of(3)));
    var first = desk.lease(session);
    var second = desk.lease(session);
    desk.giveBack(session, second);
    desk.giveBack(session, first);
    assertThat(desk.drain(session)).isEqualTo(ids(1, 2, 3));
  }

  @Test
  void aRetryKeepsItsPlaceByOriginalSubmission() {
    desk.submit(Work.of(1).retries(1));
    desk.pass(10).submitAll(List.of(Work.of(2), Work.of(3)));
    desk.fail(session, desk.lease(session), FailureCode.USER_FAULT);
    desk.pass(SECOND);
    assertThat(desk.drain(session)).isEqualTo(ids(1, 2, 3));
  }

  @Test
  void aDelayIsNoWaiting() {
    desk.submit(Work.of(1).notBefore(desk.now + 100 * SECOND));
    desk.pass(99 * SECOND).submit(Work.of(2));
    desk.pass(2 * SECOND).submit(Work.of(3));
    assertThat(desk.drain(session)).isEqualTo(ids(2, 1, 3));
  }

  @Test
  void orderSurvivesAClockThatStepsBack() {
    desk.submit(Work.of(1));
    desk.pass(-3_600 * SECOND).submit(Work.of(2));
    desk.submit(Work.of(3).priority(1));
    assertThat(desk.drain(session)).isEqualTo(ids(3, 1, 2));
  }

  @Test
  void functionsTakeTurns() {
    submit(0, 6, "one");
    submit(10, 3, "two");
    submit(20, 3, "three");
    assertThat(desk.drain(session)).isEqualTo(ids(0, 10, 20, 1, 11, 21, 2, 12, 22, 3, 4, 5));
  }

  @Test
  void tenantsTakeTurns() {
    desk.submitAll(
        List.of(
            Work.of(1).tenant("red"),
            Work.of(2).tenant("red"),
            Work.of(3).tenant("blue"),
            Work.of(4).tenant("blue")));
    assertThat(desk.drain(session)).isEqualTo(ids(1, 3, 2, 4));
  }

  @Test
  void revisionsOfOneFunctionShareItsTurns() {
    desk.submitAll(List.of(Work.of(1).revision("a"), Work.of(2).revision("b")));
    desk.submitAll(List.of(Work.of(3).function("other"), Work.of(4).function("other")));
    assertThat(desk.drain(session)).isEqualTo(ids(1, 3, 2, 4));
  }

  @Test
  void aFunctionHasNoMoreTurnsForManyRequirements() {
    for (int i = 0; i < 10; i++) {
      desk.submit(Work.of(i).function("many").requiring("zone!=z" + i));
    }
    submit(100, 5, "plain");
    assertThat(desk.drain(session).subList(0, 10))
        .isEqualTo(ids(0, 100, 1, 101, 2, 102, 3, 103, 4, 104));
  }

  @Test
  void aBurstDoesNotDelayAnotherFunctionsCall() {
    submit(0, 10_000, "burst");
    desk.offer(session, 100);
    desk.pass(1_000).submit(Work.of(99_999).function("call"));
    assertThat(desk.lease(session).id()).isEqualTo(Work.id(99_999));
  }

  @Test
  void aCallWaitsAtMostOneTurnBehindABurstOfSlowWork() {
    submit(0, 100, "burst");
    desk.lease(session);
    desk.pass(30 * SECOND).submit(Work.of(999).function("call"));
    desk.pass(10 * SECOND);
    assertThat(desk.drain(session).subList(0, 2)).contains(Work.id(999));
  }

  @Test
  void whatCouldNotRunForLongHasNoClaimToCatchUp() {
    for (int i = 0; i < 50; i++) {
      desk.submit(Work.of(i).function("held-up").requiring("gpu"));
    }
    submit(100, 50, "flowing");
    for (int i = 0; i < 40; i++) {
      desk.pass(SECOND).lease(session);
    }
    SessionId gpu = desk.attach(2, "big", Map.of("gpu", "a100"));
    var taken = new ArrayList<InvocationId>();
    for (int i = 0; i < 6; i++) {
      taken.add(desk.lease(gpu).id());
    }
    assertThat(taken).isEqualTo(ids(0, 140, 1, 141, 2, 142));
  }

  @Test
  void aHigherPriorityOfOneFunctionGoesBeforeLowerOnesOfAnother() {
    submit(0, 3, "low");
    desk.submitAll(
        List.of(
            Work.of(10).function("high").priority(10), Work.of(11).function("high").priority(10)));
    assertThat(desk.drain(session)).isEqualTo(ids(10, 11, 0, 1, 2));
  }

  @Test
  void aStreamOfHigherPriorityLeavesATurnNowAndThenToOthers() {
    submit(0, 1, "low");
    int highTurns = 0;
    for (int i = 0; i < 100; i++) {
      desk.submit(Work.of(100 + i).function("high").priority(10));
      desk.pass(SECOND);
      if (desk.lease(session).id().equals(Work.id(0))) {
        break;
      }
      highTurns++;
    }
    assertThat(highTurns).isBetween(5, 15);
  }

  @Test
  void manySessionsGetTheirWorkInTurn() {
    SessionId other = desk.attach(2);
    submit(0, 4, "resize");
    var grants =
        desk.apply(
                List.of(),
                List.of(new Offer(session, 9, List.of()), new Offer(other, 9, List.of())))
            .grants();
    assertThat(grants).extracting(Grant::session).containsExactly(session, other, session, other);
  }

  private void submit(int from, int count, String function) {
    var works =
        IntStream.range(from, from + count).mapToObj(i -> Work.of(i).function(function)).toList();
    assertThat(desk.submitAll(works)).containsOnly(Admission.ACCEPTED);
  }

  private static List<InvocationId> ids(int... numbers) {
    return ids(IntStream.of(numbers));
  }

  private static List<InvocationId> ids(IntStream numbers) {
    return numbers.mapToObj(Work::id).toList();
  }
}
