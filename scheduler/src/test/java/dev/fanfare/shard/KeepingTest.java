package dev.fanfare.shard;

import static dev.fanfare.shard.Desk.SECOND;
import static dev.fanfare.shard.Desk.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.shard.Reply.Admission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a shard takes in, keeps and counts. */
class KeepingTest {
  private final Desk desk = new Desk();
  private final SessionId session = desk.attach(1);

  @Test
  void anIdThatIsHereIsNotTakenTwice() {
    assertThat(desk.submitAll(List.of(Work.of(1), Work.of(1))))
        .containsExactly(Admission.ACCEPTED, Admission.DUPLICATE);
    var lease = desk.lease(session);
    assertThat(desk.submit(Work.of(1))).isEqualTo(Admission.DUPLICATE);
    desk.succeed(session, lease);
    assertThat(desk.submit(Work.of(1))).isEqualTo(Admission.DUPLICATE);
    assertThat(desk.offer(session, 1)).isEmpty();
    assertThat(desk.counts().accepted()).isEqualTo(1);
  }

  @Test
  void aShardThatIsFullKeepsNothingMore() {
    Desk small = new Desk(limits(3, 1 << 20));
    assertThat(small.submitAll(IntStream.range(0, 5).mapToObj(Work::of).toList()))
        .containsExactly(
            Admission.ACCEPTED,
            Admission.ACCEPTED,
            Admission.ACCEPTED,
            Admission.FULL,
            Admission.FULL);
    SessionId worker = small.attach(1);
    var lease = small.lease(worker);
    assertThat(small.submit(Work.of(9))).isEqualTo(Admission.FULL);
    small.succeed(worker, lease);
    assertThat(small.submit(Work.of(9))).isEqualTo(Admission.ACCEPTED);
    assertThat(small.counts().accepted()).isEqualTo(4);
  }

  @Test
  void payloadBytesAreBoundedToo() {
    Desk small = new Desk(limits(100, 1_000));
    assertThat(small.submit(Work.of(1).bytes(600))).isEqualTo(Admission.ACCEPTED);
    assertThat(small.submit(Work.of(2).bytes(401))).isEqualTo(Admission.FULL);
    assertThat(small.submit(Work.of(3).bytes(400))).isEqualTo(Admission.ACCEPTED);
    small.cancel(Work.id(1));
    assertThat(small.submit(Work.of(2).bytes(600))).isEqualTo(Admission.ACCEPTED);
  }

  @Test
  void anEndedOneIsFoundUntilItIsForgotten() {
    desk.submit(Work.of(1));
    var result = new Payload.Inline("text/plain", new byte[] {1, 2});
    desk.settle(session, desk.lease(session), new Outcome.Success(result));
    InvocationRecord ended = desk.reply.ended().getFirst();
    assertThat(desk.find(Work.id(1))).isEqualTo(ended);
    assertThat(ended.outcome()).contains(new Outcome.Success(result));
    assertThat(desk.counts().retained()).isEqualTo(1);
    desk.apply(new Transition.Forget(List.of(Work.id(1), Work.id(2))));
    assertThat(found(1)).isEmpty();
    assertThat(desk.counts().retained()).isZero();
  }

  @Test
  void aLiveOneIsNotForgotten() {
    desk.submit(Work.of(1));
    desk.apply(new Transition.Forget(List.of(Work.id(1))));
    assertThat(found(1)).hasSize(1);
  }

  @Test
  void whenTooManyEndedAreHeldTheOldestAwaitedOnesGoFirst() {
    int count = KeptRecords.MOST_RECORDS;
    end(0, count / 2, true);
    end(count / 2, count / 2, false);
    assertThat(desk.counts().retained()).isEqualTo(count);
    end(count, 1, true);
    assertThat(desk.counts().retained()).isEqualTo(count);
    assertThat(found(0)).hasSize(1);
    assertThat(found(count / 2)).isEmpty();
    assertThat(found(count / 2 + 1)).hasSize(1);
    assertThat(found(count)).hasSize(1);
    end(count + 1, count / 2, true);
    assertThat(found(count - 1)).isEmpty();
    assertThat(found(0)).isEmpty();
    assertThat(found(1)).hasSize(1);
  }

  @Test
  void theBytesOfEndedOnesAreBounded() {
    var result = new Outcome.Success(new Payload.Inline("text/plain", new byte[1 << 20]));
    for (int i = 0; i < 100; i++) {
      desk.submit(Work.of(i));
      desk.settle(session, desk.lease(session), result);
    }
    assertThat(desk.counts().retained()).isEqualTo(63);
    assertThat(found(99)).hasSize(1);
    assertThat(found(0)).isEmpty();
  }

  @Test
  void theNewestLiveOnesAreListedFirst() {
    IntStream.range(0, 5).forEach(i -> desk.pass(1).submit(Work.of(i)));
    desk.succeed(session, desk.lease(session));
    desk.lease(session);
    desk.cancel(Work.id(3));
    desk.submit(Work.of(5).notBefore(desk.now + SECOND));
    assertThat(scan(3)).containsExactly(Work.id(5), Work.id(4), Work.id(2));
    assertThat(scan(100)).containsExactly(Work.id(5), Work.id(4), Work.id(2), Work.id(1));
    assertThat(scan(0)).isEmpty();
  }

  @Test
  void theCountsTellWhereEverythingIs() {
    desk.submit(Work.of(1));
    desk.pass(1).submit(Work.of(2).retries(1));
    desk.pass(1).submit(Work.of(3));
    desk.pass(1).submit(Work.of(4).function("other").bytes(50));
    desk.pass(1).submit(Work.of(5).tenant("else"));
    desk.submit(Work.of(6).notBefore(START + 9 * SECOND));
    desk.succeed(session, desk.lease(session));
    desk.cancel(Work.id(3));
    SessionId other = desk.attach(2);
    while (desk.find(Work.id(2)).attempts() == 0) {
      var lease = desk.lease(other);
      if (lease.id().equals(Work.id(2))) {
        desk.fail(other, lease, FailureCode.USER_FAULT);
      }
    }
    ShardCounts counts = desk.counts();
    assertThat(counts.accepted()).isEqualTo(6);
    assertThat(counts.succeeded()).isEqualTo(1);
    assertThat(counts.cancelled()).isEqualTo(1);
    assertThat(counts.scheduled()).isEqualTo(2);
    assertThat(counts.retried()).isEqualTo(1);
    assertThat(counts.running() + counts.queued()).isEqualTo(2);
    assertThat(counts.retained()).isEqualTo(2);
  }

  @Test
  void waitingIsCountedByFunctionAndInBytes() {
    desk.submit(Work.of(1));
    desk.pass(5).submit(Work.of(2).tenant("else").priority(3));
    desk.pass(5).submit(Work.of(3).function("other").bytes(50).notBefore(desk.now + SECOND));
    ShardCounts counts = desk.counts();
    assertThat(counts.queuedBytes()).isEqualTo(250);
    assertThat(counts.oldestQueuedAt()).isEqualTo(START);
    assertThat(counts.queuedByFunction())
        .isEqualTo(Map.of(new FunctionName("resize"), 2L, new FunctionName("other"), 1L));
    desk.drain(session);
    assertThat(desk.counts().oldestQueuedAt()).isZero();
    assertThat(desk.counts().queuedByFunction()).isEqualTo(Map.of(new FunctionName("other"), 1L));
  }

  @Test
  void failuresAreCountedByCode() {
    for (FailureCode code :
        List.of(FailureCode.CRASHED, FailureCode.REJECTED, FailureCode.CRASHED)) {
      int number = (int) desk.counts().accepted();
      desk.submit(Work.of(number));
      desk.fail(session, desk.lease(session), code);
    }
    assertThat(desk.counts().failed())
        .isEqualTo(Map.of(FailureCode.CRASHED, 2L, FailureCode.REJECTED, 1L));
  }

  private void end(int from, int count, boolean async) {
    var works =
        IntStream.range(from, from + count)
            .mapToObj(i -> async ? Work.of(i) : Work.of(i).sync())
            .toList();
    desk.submitAll(works);
    desk.apply(
        new Transition.Cancel(IntStream.range(from, from + count).mapToObj(Work::id).toList(), ""));
  }

  private List<InvocationId> scan(int limit) {
    var found = (Reply.Found) desk.apply(new Transition.Scan(limit));
    return found.records().stream().map(InvocationRecord::id).toList();
  }

  private List<InvocationRecord> found(int number) {
    return ((Reply.Found) desk.apply(new Transition.Find(List.of(Work.id(number))))).records();
  }

  private static ShardLimits limits(int waiting, long bytes) {
    return new ShardLimits(
        waiting, bytes, 3, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofSeconds(1));
  }
}
