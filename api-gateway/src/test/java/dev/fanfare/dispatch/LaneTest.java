package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import dev.fanfare.sharing.Neighbours;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits for one shard, and what it lost. */
@Timeout(60)
class LaneTest {
  private final long now = System.currentTimeMillis();
  private final Submissions kind = Submissions.sync(DispatchFixture.NODE).withAsync();
  private final Submission work = kind.make(InvocationId.of(now, 0, 0));
  private final Vertx vertx = Vertx.vertx();
  private final TemporaryLedger ledger = new TemporaryLedger();
  private final ObservedShards shards = new ObservedShards(1);
  private final CompletableFuture<Void> gate = new CompletableFuture<>();
  private final Traffic traffic =
      new Traffic(
          vertx.getOrCreateContext(),
          DispatchFixture.NODE,
          shards,
          History.of(ledger.ledger().invocations()),
          ledger.accepted(),
          BacklogLimits.DEFAULT,
          InMemoryMail.alone(DispatchFixture.NODE),
          new Elsewhere(Neighbours.none(), false),
          Clock.systemUTC(),
          new DispatchMeters(new SimpleMeterRegistry()));

  @AfterEach
  void close() {
    gate.complete(null);
    traffic.run(traffic::stop);
    vertx.close().toCompletionStage().toCompletableFuture().join();
    ledger.close();
  }

  @Test
  void whatEndedIsNotForgottenBeforeItCameAgain() {
    var first = new RememberingWaiter();
    traffic.run(() -> lane().submit(work, first));
    await().until(() -> !first.admissions().isEmpty());
    var end = new Transition.Cancel(List.of(work.id()), "elsewhere");
    shards.apply(0, new ShardBatch(List.of(end), List.of()));

    var again = new RememberingWaiter();
    traffic.run(
        () -> {
          for (int i = 1; i <= Lane.SUBMISSIONS_PER_BATCH; i++) {
            lane().submit(kind.make(InvocationId.of(now, 0, i)), new RememberingWaiter());
          }
          lane().submit(work, again);
          lane().forget(List.of(work.id()));
        });

    await().until(() -> !again.admissions().isEmpty());
    assertThat(again.admissions()).containsExactly(Admission.DUPLICATE);
    await().until(() -> shards.sent().stream().anyMatch(this::forgets));
  }

  @Test
  void whatItsShardLostBeforeTheLedgerHadItIsGivenToItAgain() {
    Submission earlier = kind.of("earlier").make(InvocationId.of(now, 0, 1));
    RememberingWaiter waiter = accept(earlier);
    await().until(() -> !waiter.admissions().isEmpty());
    ledger.hold(kind.of("other").make(InvocationId.of(now, 0, 2)), gate);
    accept(work);
    await().until(() -> isThere(work));

    shards.forget();
    traffic.run(() -> traffic.accepted().backlog().lookAgain(true));
    await().until(() -> isThere(earlier));
    gate.complete(null);

    await().until(() -> isThere(work));
  }

  private RememberingWaiter accept(Submission one) {
    var waiter = new RememberingWaiter();
    traffic.run(() -> traffic.accepted().accepting().submit(one, waiter));
    return waiter;
  }

  private boolean isThere(Submission one) {
    var find = new Transition.Find(List.of(one.id()));
    var reply = shards.apply(0, new ShardBatch(List.of(find), List.of()));
    return !((Reply.Found) reply.toCompletableFuture().join().replies().getFirst())
        .records()
        .isEmpty();
  }

  private Lane lane() {
    return traffic.laneOf(work.id());
  }

  private boolean forgets(ObservedShards.Sent sent) {
    return sent.batch().transitions().contains(new Transition.Forget(List.of(work.id())));
  }
}
