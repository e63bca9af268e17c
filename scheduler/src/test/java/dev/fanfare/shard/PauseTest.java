package dev.fanfare.shard;

import static dev.fanfare.shard.Desk.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Pauses.PausedFunction;
import dev.fanfare.shard.Reply.Admission;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PauseTest {
  private static final PausedFunction RESIZE =
      new PausedFunction(TenantId.DEFAULT, new FunctionName("resize"));
  private static final Pauses PAUSED = new Pauses(1, Set.of(), Set.of(RESIZE));
  private static final Pauses RESUMED = new Pauses(2, Set.of(), Set.of());

  private Desk desk = new Desk();
  private final SessionId session = desk.attach(1);

  @Test
  void aPausedFunctionIsQueuedAndDoesNotStart() {
    desk.apply(new Transition.Pause(PAUSED));
    assertThat(desk.submit(Work.of(1))).isEqualTo(Admission.ACCEPTED);
    assertThat(desk.offer(session, 5, Work.of(1).warm(5))).isEmpty();
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.QUEUED);
    assertThat(desk.reply.waiting()).as("room for it is not asked for").isEmpty();
  }

  @Test
  void otherFunctionsAndTheSameOfOtherTenantsStart() {
    desk.apply(new Transition.Pause(PAUSED));
    desk.submit(Work.of(1));
    desk.submit(Work.of(2).function("other"));
    desk.submit(Work.of(3).tenant("neighbour"));
    assertThat(desk.drain(session)).containsExactlyInAnyOrder(Work.id(2), Work.id(3));
  }

  @Test
  void aPausedTenantStartsNothing() {
    desk.submitAll(List.of(Work.of(1), Work.of(2).function("other"), Work.of(3).tenant("b")));
    desk.apply(new Transition.Pause(new Pauses(1, Set.of(TenantId.DEFAULT), Set.of())));
    assertThat(desk.drain(session)).containsExactly(Work.id(3));
  }

  @Test
  void whatWaitsStartsInItsOrderOnceResumed() {
    desk.submitAll(List.of(Work.of(1), Work.of(2)));
    desk.apply(new Transition.Pause(PAUSED));
    desk.submitAll(List.of(Work.of(3), Work.of(4).priority(5)));
    desk.apply(new Transition.Pause(RESUMED));
    assertThat(desk.reply.waiting()).as("room is asked for at once").isNotEmpty();
    assertThat(desk.drain(session)).containsExactly(Work.id(4), Work.id(1), Work.id(2), Work.id(3));
  }

  @Test
  void whatRunsGoesOnAndIsSettled() {
    desk.submit(Work.of(1));
    var lease = desk.lease(session);
    desk.apply(new Transition.Pause(PAUSED));
    assertThat(desk.succeed(session, lease)).isTrue();
  }

  @Test
  void aRetryOfWhatRanWaitsToo() {
    desk.submit(Work.of(1));
    var lease = desk.lease(session);
    desk.apply(new Transition.Pause(PAUSED));
    desk.giveBack(session, lease);
    assertThat(desk.offer(session, 1)).isEmpty();
    desk.apply(new Transition.Pause(RESUMED));
    assertThat(desk.drain(session)).containsExactly(Work.id(1));
  }

  @Test
  void whatWaitsTooLongExpiresPausedOrNot() {
    desk.apply(new Transition.Pause(PAUSED));
    desk.submit(Work.of(1).expiresAt(desk.now + SECOND));
    desk.pass(SECOND).tick();
    assertThat(desk.find(Work.id(1)).state()).isEqualTo(InvocationState.FAILED);
  }

  @Test
  void anEarlierWordThatComesLateIsIgnored() {
    desk.apply(new Transition.Pause(RESUMED));
    desk.apply(new Transition.Pause(PAUSED));
    desk.submit(Work.of(1));
    assertThat(desk.drain(session)).containsExactly(Work.id(1));
  }

  @Test
  void aShardThatMovedStaysPaused() throws IOException {
    desk.submit(Work.of(1));
    desk.apply(new Transition.Pause(PAUSED));
    Shard moved = copy(desk.shard);
    desk = new Desk(moved);
    assertThat(desk.offer(session, 1)).isEmpty();
    desk.submit(Work.of(2));
    assertThat(desk.offer(session, 1)).isEmpty();
    desk.apply(new Transition.Pause(RESUMED));
    assertThat(desk.drain(session)).containsExactly(Work.id(1), Work.id(2));
  }

  @Test
  void aFunctionThatWasAwayForLongIsStillPaused() {
    desk.apply(new Transition.Pause(PAUSED));
    for (int i = 0; i < 1_000; i++) {
      desk.submit(Work.of(i).function("f" + i));
    }
    desk.drain(session).forEach(id -> desk.cancel(id));
    desk.submit(Work.of(5_000));
    assertThat(desk.drain(session)).isEmpty();
  }

  private static Shard copy(Shard shard) throws IOException {
    var bytes = new ByteArrayOutputStream();
    ShardState.write(shard, new DataOutputStream(bytes));
    return ShardState.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }
}
