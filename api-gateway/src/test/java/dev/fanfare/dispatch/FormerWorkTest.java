package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.Submission;
import dev.fanfare.sharing.Neighbours;
import dev.fanfare.sharing.Words;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Work from before a restart that may have ended at another node, which has a ledger of its own.
 */
@Timeout(60)
class FormerWorkTest {
  private static final TenantId TENANT = TenantId.DEFAULT;

  private final OtherNode other = new OtherNode();
  private final TemporaryLedger ledger = new TemporaryLedger();
  private final Submission work =
      Submissions.sync(DispatchFixture.NODE)
          .withAsync()
          .make(InvocationId.of(System.currentTimeMillis() - 60_000, 3, 1));
  private DispatchFixture fixture;

  private void start() {
    start(work);
  }

  private void start(Submission former) {
    ledger.accepted().accept(List.of(former)).toCompletableFuture().join();
    fixture = new DispatchFixture(1, ledger, BacklogLimits.DEFAULT, other);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void nothingIsRunAgainBeforeAnotherNodeHasSaidWhetherItEnded() {
    other.end = Optional.of(EndsElsewhere.of(work, 2, new Outcome.Cancelled("there")));
    start();
    ScriptedWorker worker = fixture.attach("one", 5, ScriptedWorker.AT_ONCE);
    await().until(() -> other.asked.get() >= 3);
    assertThat(worker.leases()).isEmpty();

    other.speaks = true;

    await().until(() -> ledger.accepted().count() == 0);
    assertThat(fixture.get(fixture.dispatcher.find(TENANT, work.id()))).isEqualTo(other.end);
    assertThat(worker.leases()).isEmpty();
  }

  @Test
  void whatNobodyHasAnEndOfIsRun() {
    other.speaks = true;
    start();
    fixture.attach("one", 5, ScriptedWorker.AT_ONCE);
    await().until(() -> ledger.accepted().count() == 0);
    assertThat(fixture.get(fixture.dispatcher.find(TENANT, work.id())))
        .map(InvocationRecord::state)
        .contains(InvocationState.SUCCEEDED);
  }

  @Test
  void whatIsAcceptedWhileAPageIsReadIsNotPassedOver() {
    var answered = new CompletableFuture<Void>();
    other.speaks = true;
    other.until = answered;
    start();
    await().until(() -> other.asked.get() >= 1);
    InvocationId earlier = InvocationId.of(work.id().epochMillis() - 1, 3, 1);
    RememberingWaiter waiter = fixture.submit(earlier, fixture.submissions().withAsync());
    await().until(() -> !waiter.admissions().isEmpty());

    answered.complete(null);
    fixture.attach("one", 5, ScriptedWorker.AT_ONCE);

    await().until(() -> ledger.accepted().count() == 0);
  }

  @Test
  void whatEndedElsewhereBeforeItsShardsReplyWasLostIsNotRunAgain() {
    other.speaks = true;
    fixture = new DispatchFixture(1, ledger, BacklogLimits.DEFAULT, other);
    var lost = new CompletableFuture<Void>();
    fixture.shards.loseSubmission(lost);
    RememberingWaiter waiter = fixture.submit(work.id(), fixture.submissions().withAsync());
    await().until(() -> ledger.accepted().count() == 1);
    InvocationRecord end = EndsElsewhere.of(work, 2, new Outcome.Cancelled("there"));
    fixture.dispatcher.effects().ticked(0, saying(end));
    await().until(() -> ledger.accepted().count() == 0);

    lost.complete(null);
    await().until(() -> !waiter.admissions().isEmpty());

    ScriptedWorker worker = fixture.attach("one", 5, ScriptedWorker.AT_ONCE);
    InvocationId next = fixture.dispatcher.newId();
    fixture.submit(next, fixture.submissions().withAsync());
    await().until(() -> !worker.leases().isEmpty());
    assertThat(worker.leases().getFirst().id()).isEqualTo(next);
  }

  @Test
  void whatIsAcceptedForLaterWhileDueWorkIsReadIsNotPassedOver() {
    var answered = new CompletableFuture<Void>();
    other.speaks = true;
    other.until = answered;
    Submissions kind = Submissions.sync(DispatchFixture.NODE).withAsync();
    long due = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    start(kind.make(work.id(), due, 0));
    await().until(() -> other.asked.get() >= 1);
    var waiter = new RememberingWaiter();
    InvocationId another = InvocationId.of(work.id().epochMillis(), 3, 2);
    fixture.dispatcher.submit(kind.make(another, due - 1, 0), waiter);
    await().until(() -> !waiter.admissions().isEmpty());

    answered.complete(null);
    fixture.attach("one", 5, ScriptedWorker.AT_ONCE);

    await().until(() -> ledger.accepted().count() == 0);
  }

  @Test
  void nothingIsSaidToHaveEndedThatAnotherNodeHasAndDoesNotBring() {
    other.speaks = true;
    other.end = Optional.of(Unended.of(EndsElsewhere.of(work, 1, new Outcome.Cancelled("later"))));
    fixture = new DispatchFixture(1, ledger, BacklogLimits.DEFAULT, other);

    var cancelled = fixture.dispatcher.cancel(TENANT, work.id(), "mine");

    assertThatThrownBy(() -> fixture.get(cancelled)).hasMessageContaining("does not confirm");
  }

  @Test
  void anotherNodeGetsACopyOfTheEndThatStands() {
    other.speaks = true;
    InvocationRecord first = EndsElsewhere.of(work, 1, new Outcome.Cancelled("first"));
    ledger.ledger().invocations().append(List.of(first)).toCompletableFuture().join();
    fixture = new DispatchFixture(1, ledger, BacklogLimits.DEFAULT, other);

    var kept =
        new Copying(History.of(ledger.ledger().invocations()), new Elsewhere(other, false))
            .append(List.of(EndsElsewhere.of(work, 2, new Outcome.Cancelled("second"))))
            .toCompletableFuture()
            .join();

    assertThat(kept.standing()).containsExactly(first);
    assertThat(other.copies).containsExactly(first);
  }

  private static ShardReply saying(InvocationRecord ended) {
    return new ShardReply(
        List.of(),
        List.of(),
        List.of(ended),
        List.of(),
        List.of(),
        List.of(),
        Long.MAX_VALUE,
        List.of());
  }

  /** Has an end, and says so once it speaks. */
  private static final class OtherNode implements Neighbours {
    private final AtomicInteger asked = new AtomicInteger();
    private final List<InvocationRecord> copies = new CopyOnWriteArrayList<>();
    private volatile Optional<InvocationRecord> end = Optional.empty();
    private volatile CompletionStage<Void> until = CompletableFuture.completedFuture(null);
    private volatile boolean speaks;

    @Override
    public List<NodeId> others() {
      return List.of(EndsElsewhere.THERE);
    }

    @Override
    public List<NodeId> keepers() {
      return others();
    }

    @Override
    public CompletionStage<byte[]> ask(NodeId node, Topic topic, byte[] question) {
      asked.incrementAndGet();
      if (!speaks) {
        return CompletableFuture.failedFuture(new IllegalStateException("it still starts"));
      }
      return until.thenApply(nothing -> answer(question));
    }

    private byte[] answer(byte[] question) {
      return switch (Words.read(question, in -> in.kind(Elsewhere.Question.values()))) {
        case FIND -> records(end.stream().toList());
        case KEEP -> {
          keep(question);
          yield records(List.of());
        }
        case LIST, BRING -> records(List.of());
        case KEY -> throw new IllegalArgumentException("no keys here");
      };
    }

    private void keep(byte[] question) {
      copies.addAll(
          Words.read(
              question,
              in -> {
                in.kind(Elsewhere.Question.values());
                return in.list(in::record);
              }));
    }

    private static byte[] records(List<InvocationRecord> records) {
      return Words.write(out -> out.list(records, out::record));
    }

    @Override
    public void answer(Topic topic, Answerer answerer) {}
  }
}
