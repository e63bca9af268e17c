package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Reply.Cancellation;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that a shard has and the ledger may not have, or the other way round. */
@Timeout(60)
class UncertainAcceptanceTest {
  /** So many rows may wait to be written. */
  private static final int ROWS = 200_000;

  private final TemporaryLedger ledger = new TemporaryLedger();
  private final DispatchFixture fixture = new DispatchFixture(1, ledger, BacklogLimits.DEFAULT);
  private final CompletableFuture<Void> gate = new CompletableFuture<>();

  @AfterEach
  void close() {
    gate.complete(null);
    fixture.close();
  }

  @Test
  void anEndIsKeptThatCameBeforeItsShardWasKnownToHaveTheWork() {
    ledger.hold(ofNobody(), gate);
    fixture.shards.lose(1, true, UncertainAcceptanceTest::submits);
    InvocationId id = fixture.dispatcher.newId();
    fixture.submit(id, fixture.submissions().withAsync());
    await().until(() -> cancelAtItsShard(id) == Cancellation.CANCELLED);

    gate.complete(null);

    await().until(() -> ledger.ledger().invocations().find(Submissions.TENANT, id).isPresent());
  }

  @Test
  void whatMayHaveBegunIsNotRefused() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    ledger.hold(ofNobody(), gate);
    var written = ledger.accepted().accept(Collections.nCopies(ROWS, ofNobody()));

    RememberingWaiter waiter =
        fixture.submit(fixture.dispatcher.newId(), fixture.submissions().withAsync());

    await().until(() -> worker.leases().size() == 1);
    await().until(() -> !waiter.admissions().isEmpty() || !waiter.uncertainties().isEmpty());
    assertThat(waiter.admissions()).isEmpty();
    gate.complete(null);
    written.toCompletableFuture().join();
  }

  /** As another node does that does not tell. */
  private Cancellation cancelAtItsShard(InvocationId id) {
    var cancel = new Transition.Cancel(List.of(id), "elsewhere");
    Reply reply =
        fixture
            .shards
            .apply(0, new ShardBatch(List.of(cancel), List.of()))
            .toCompletableFuture()
            .join()
            .replies()
            .getFirst();
    return ((Reply.Cancelled) reply).cancellations().getFirst();
  }

  /** Work that no worker takes. */
  private Submission ofNobody() {
    return fixture
        .submissions()
        .withRequirements(DispatcherScene.demanding("gpu"))
        .withAsync()
        .make(fixture.dispatcher.newId());
  }

  private static boolean submits(ShardBatch batch) {
    return batch.transitions().stream().anyMatch(Transition.Submit.class::isInstance);
  }
}
