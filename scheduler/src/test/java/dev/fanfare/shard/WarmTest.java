package dev.fanfare.shard;

import static dev.fanfare.shard.Desk.SECOND;
import static dev.fanfare.shard.Grant.Uses.FREE;
import static dev.fanfare.shard.Grant.Uses.GUEST;
import static dev.fanfare.shard.Grant.Uses.WARM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.SessionId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Room in runtimes that are already a function's own. */
class WarmTest {
  private static final Work MINE = Work.of(0).function("mine");

  private final Desk desk = new Desk();
  private final SessionId session = desk.attach(1);

  @Test
  void warmRoomIsUsedBeforeFreeRoom() {
    submit(0, 3, "mine");
    List<Grant> grants = desk.offer(session, 2, MINE.warm(2));
    assertThat(grants).extracting(Grant::warm).containsExactly(true, true, false);
    assertThat(ids(grants)).containsExactly(Work.id(0), Work.id(1), Work.id(2));
  }

  @Test
  void warmRoomIsForItsFunctionAndRevisionOnly() {
    submit(0, 3, "other");
    assertThat(desk.offer(session, 0, MINE.warm(2))).isEmpty();
    desk.submit(Work.of(10).function("mine").revision("two"));
    assertThat(desk.offer(session, 0, MINE.warm(2))).isEmpty();
  }

  @Test
  void aWarmWorkerIsPreferredToOneWithFreeRoom() {
    SessionId warm = desk.attach(2);
    submit(0, 1, "mine");
    var grants =
        desk.apply(
                List.of(),
                List.of(
                    new Offer(session, 1, List.of()), new Offer(warm, 0, List.of(MINE.warm(1)))))
            .grants();
    assertThat(grants).extracting(Grant::session).containsExactly(warm);
  }

  @Test
  void aBetterClaimThatCameJustNowIsPassedOverForWantOfFreeRoom() {
    submit(0, 5, "mine");
    desk.offer(session, 0, MINE.warm(1));
    submit(10, 1, "other");
    desk.pass(Matching.PATIENCE_MICROS);
    assertThat(ids(desk.offer(session, 0, MINE.warm(2)))).containsExactly(Work.id(1), Work.id(2));
  }

  @Test
  void warmRoomIsNoLongerGivenOnceABetterClaimWaitedTooLong() {
    submit(0, 5, "mine");
    desk.offer(session, 0, MINE.warm(1));
    submit(10, 1, "other");
    desk.pass(Matching.PATIENCE_MICROS + 1);
    assertThat(desk.offer(session, 0, MINE.warm(2))).isEmpty();
    assertThat(ids(desk.offer(session, 1, MINE.warm(2))))
        .containsExactly(Work.id(10), Work.id(1), Work.id(2));
  }

  @Test
  void aBetterClaimFromBeforeTheClockSteppedBackIsNotPassedOver() {
    submit(0, 5, "mine");
    desk.offer(session, 0, MINE.warm(1));
    submit(10, 1, "other");
    desk.pass(-3_600 * SECOND);
    assertThat(desk.offer(session, 0, MINE.warm(2))).isEmpty();
  }

  @Test
  void aLesserClaimOfOthersIsNoReasonToWait() {
    submit(0, 1, "other");
    desk.offer(session, 1);
    submit(1, 1, "other");
    desk.pass(SECOND / 2);
    submit(10, 3, "mine");
    assertThat(ids(desk.offer(session, 0, MINE.warm(1)))).containsExactly(Work.id(10));
  }

  @Test
  void whatTheWorkerCouldNotRunIsNoReasonToWait() {
    desk.submit(Work.of(10).function("other").requiring("gpu"));
    desk.pass(SECOND);
    submit(0, 3, "mine");
    assertThat(ids(desk.offer(session, 0, MINE.warm(2)))).containsExactly(Work.id(0), Work.id(1));
  }

  @Test
  void warmRoomDoesNotOverruleRequirements() {
    desk.submit(Work.of(1).function("mine").requiring("gpu"));
    assertThat(desk.offer(session, 0, MINE.warm(1))).isEmpty();
    SessionId gpu = desk.attach(2, "big", Map.of("gpu", "a100"));
    assertThat(desk.offer(gpu, 0, MINE.warm(1))).hasSize(1);
  }

  @Test
  void freeRoomAndWarmRoomTakeFairTurns() {
    submit(0, 4, "mine");
    submit(10, 2, "other");
    desk.pass(SECOND);
    assertThat(ids(desk.offer(session, 2, MINE.warm(9))))
        .containsExactly(Work.id(0), Work.id(10), Work.id(1), Work.id(11), Work.id(2), Work.id(3));
  }

  @Test
  void theBestOfSeveralWarmFunctionsIsTakenFirst() {
    submit(0, 2, "mine");
    submit(10, 2, "yours");
    Work yours = Work.of(0).function("yours");
    assertThat(ids(desk.offer(session, 0, MINE.warm(9), yours.warm(9))))
        .containsExactly(Work.id(0), Work.id(10), Work.id(1), Work.id(11));
  }

  @Test
  void whatExpiredIsNotGivenToWarmRoom() {
    desk.submitAll(List.of(Work.of(1).function("mine").expiresAt(desk.now + 1)));
    desk.submitAll(List.of(Work.of(2).function("mine")));
    desk.pass(1);
    assertThat(ids(desk.offer(session, 0, MINE.warm(2)))).containsExactly(Work.id(2));
  }

  @Test
  void aFunctionThatHasNothingHereComesAsAGuestWhileNothingIsFree() {
    submit(0, 5, "mine");
    desk.offer(session, 0, MINE.warm(1));
    submit(10, 2, "other");
    List<Grant> grants = crowded(2, MINE.warm(2));
    assertThat(grants).extracting(Grant::uses).containsExactly(GUEST, WARM, WARM);
    assertThat(ids(grants)).containsExactly(Work.id(10), Work.id(1), Work.id(2));
  }

  @Test
  void whatIsAtHomeIsNoGuest() {
    submit(0, 5, "mine");
    assertThat(crowded(2)).isEmpty();
  }

  @Test
  void eachFunctionSendsOneGuest() {
    submit(0, 2, "other");
    submit(10, 2, "yours");
    submit(20, 2, "mine");
    assertThat(ids(crowded(9))).containsExactly(Work.id(0), Work.id(10));
  }

  @Test
  void aFreeSlotElsewhereIsBetterThanToBeAGuest() {
    SessionId idle = desk.attach(2);
    submit(0, 1, "other");
    Offer free = new Offer(idle, 1, List.of());
    var grants = desk.apply(List.of(), List.of(guests(1, MINE.warm(1)), free)).grants();
    assertThat(grants).extracting(Grant::session).containsExactly(idle);
  }

  @Test
  void aLesserClaimIsNoGuest() {
    desk.submitAll(List.of(Work.of(0).function("mine").priority(100)));
    desk.submitAll(List.of(Work.of(1).function("other").priority(-100)));
    assertThat(crowded(1)).isEmpty();
  }

  @Test
  void aFullFunctionGetsWarmRoomOnlyAndOthersAreServedInItsPlace() {
    submit(0, 3, "mine");
    submit(10, 3, "other");
    WarmKey mine = new WarmKey(MINE.warm(1).revision(), MINE.warm(1).function());
    var full = new Offer(session, 2, List.of(MINE.warm(1)), 0, List.of(mine), List.of(mine));
    List<Grant> grants = desk.apply(List.of(), List.of(full)).grants();
    assertThat(ids(grants)).containsExactly(Work.id(0), Work.id(10), Work.id(11));
    assertThat(desk.apply(List.of(), List.of(full)).grants())
        .extracting(Grant::uses)
        .containsExactly(WARM, FREE);
    assertThat(ids(desk.offer(session, 9))).containsExactly(Work.id(2));
  }

  private List<Grant> crowded(int guests, Offer.Warm... warm) {
    return desk.apply(List.of(), List.of(guests(guests, warm))).grants();
  }

  /** Room of a worker whose slots all run mine. */
  private Offer guests(int guests, Offer.Warm... warm) {
    WarmKey mine = new WarmKey(MINE.warm(1).revision(), MINE.warm(1).function());
    return new Offer(session, 0, List.of(warm), guests, List.of(mine), List.of());
  }

  private void submit(int from, int count, String function) {
    desk.submitAll(
        IntStream.range(from, from + count).mapToObj(i -> Work.of(i).function(function)).toList());
  }

  private static List<InvocationId> ids(List<Grant> grants) {
    return grants.stream().map(grant -> grant.lease().id()).toList();
  }
}
