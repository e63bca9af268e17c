package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Reply.Cancellation;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Accepted work that has not ended, in shards and in the ledger. */
@Timeout(60)
class BacklogTest {
  private static final BacklogLimits SMALL = new BacklogLimits(200, 20, 1 << 20, 4);

  private static final String FIRST_SESSION = "session0000000000000000001";
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private TemporaryLedger ledger;
  private DispatchFixture fixture;

  @BeforeEach
  void open() {
    ledger = new TemporaryLedger();
    fixture = new DispatchFixture(1, ledger, SMALL);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void moreThanTheShardsMayHoldIsDoneInOrder() {
    List<InvocationId> ids = accept(150, fixture.submissions());

    assertThat(fixture.counts().queued()).isLessThanOrEqualTo(20);
    assertThat(fixture.dispatcher.backlog()).isGreaterThanOrEqualTo(130);
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.AT_ONCE);
    await().until(() -> ledger.accepted().count() == 0);

    assertThat(worker.leases()).extracting(Lease::id).containsExactlyElementsOf(ids);
    assertThat(fixture.dispatcher.backlog()).isZero();
    assertThat(list(InvocationState.SUCCEEDED)).hasSize(150);
  }

  @Test
  void beyondTheLedgersBoundWorkIsRefused() {
    accept(200, fixture.submissions());

    RememberingWaiter waiter = submit(fixture.dispatcher.newId(), fixture.submissions());

    await().until(() -> !waiter.admissions().isEmpty());
    assertThat(waiter.admissions()).containsExactly(Admission.FULL);
    assertThat(ledger.accepted().count()).isEqualTo(200);
  }

  @Test
  void oneFunctionsBacklogDoesNotStandBeforeAnothers() {
    accept(150, fixture.submissions());
    List<InvocationId> others = accept(3, fixture.submissions().of("other"));

    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.AT_ONCE);
    await().until(() -> ledger.accepted().count() == 0);

    assertThat(worker.leases().subList(0, 30)).extracting(Lease::id).containsAll(others);
  }

  @Test
  void whatWaitsInTheLedgerAloneIsFoundListedAndCancelled() {
    List<InvocationId> ids = accept(100, fixture.submissions());
    InvocationId last = ids.getLast();

    assertThat(find(last).state()).isEqualTo(InvocationState.QUEUED);
    assertThat(list(InvocationState.QUEUED)).hasSize(100);
    assertThat(fixture.get(fixture.dispatcher.cancel(Submissions.TENANT, last, "by hand")))
        .isEqualTo(Cancellation.CANCELLED);
    assertThat(find(last).state()).isEqualTo(InvocationState.CANCELLED);
    assertThat(ledger.accepted().count()).isEqualTo(99);
    assertThat(fixture.get(fixture.dispatcher.cancel(Submissions.TENANT, last, "again")))
        .isEqualTo(Cancellation.ENDED);
  }

  @Test
  void aRestartFindsAllThatWasAcceptedAndCountsWhatRan() {
    List<InvocationId> ids = accept(50, fixture.submissions());
    ScriptedWorker before = fixture.attach("one", 1, ScriptedWorker.LATER);
    await().until(() -> before.leases().size() == 1);
    Lease cutOff = before.leases().getFirst();
    await().until(() -> ledger.find(cutOff.id()).resumed().losses() == 1);
    fixture.abandon();
    ledger.reopen();
    fixture = new DispatchFixture(1, ledger, SMALL);

    ScriptedWorker worker = fixture.attach("two", 1, ScriptedWorker.AT_ONCE);
    await().until(() -> ledger.accepted().count() == 0);

    assertThat(worker.leases()).extracting(Lease::id).containsExactlyElementsOf(ids);
    Lease again = worker.leases().getFirst();
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.fence()).isGreaterThan(cutOff.fence());
    assertThat(find(cutOff.id()).losses()).isEqualTo(1);
    assertThat(list(InvocationState.SUCCEEDED)).hasSize(50);
  }

  @Test
  void workThatCrashedTheNodeTooOftenIsGivenUp() {
    InvocationId id = accept(1, fixture.submissions()).getFirst();
    for (int crash = 1; crash <= 4; crash++) {
      ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
      await().until(() -> worker.leases().size() == 1);
      int losses = crash;
      await().until(() -> ledger.find(id).resumed().losses() == losses);
      fixture.abandon();
      ledger.reopen();
      fixture = new DispatchFixture(1, ledger, SMALL);
    }
    await().until(() -> find(id).state() == InvocationState.FAILED);
    assertThat(find(id).outcome().toString()).contains("WORKER_LOST");
  }

  @Test
  void anEndThatNobodyToldIsFoundInItsShard() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    InvocationId id = accept(1, fixture.submissions()).getFirst();
    await().until(() -> worker.leases().size() == 1);
    Lease lease = worker.leases().getFirst();
    var settlement =
        new Settlement(id, lease.fence(), new Outcome.Success(Payload.EMPTY), Usage.NONE);

    // another gateway settles it, and is lost before it tells
    var settle = new Transition.Settle(new SessionId(FIRST_SESSION), List.of(settlement));
    ShardReply untold =
        fixture
            .shards
            .apply(0, new ShardBatch(List.of(settle), List.of()))
            .toCompletableFuture()
            .join();

    assertThat(untold.ended()).hasSize(1);
    await().atMost(LONGEST).until(() -> ledger.accepted().count() == 0);
    assertThat(find(id).state()).isEqualTo(InvocationState.SUCCEEDED);
    await().until(() -> fixture.counts().retained() == 0);
  }

  @Test
  void nobodyHearsOfAnEndBeforeItIsOnDisk() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.AT_ONCE);
    InvocationId id = accept(1, fixture.submissions()).getFirst();
    await().until(() -> worker.leases().size() == 1);

    InvocationRecord seen = find(id);

    assertThat(seen.state().terminal())
        .isEqualTo(ledger.ledger().invocations().find(Submissions.TENANT, id).isPresent());
  }

  private List<InvocationId> accept(int count, Submissions kind) {
    var ids = new ArrayList<InvocationId>();
    var waiters = new ArrayList<RememberingWaiter>();
    for (int i = 0; i < count; i++) {
      InvocationId id = fixture.dispatcher.newId();
      ids.add(id);
      waiters.add(submit(id, kind));
    }
    await().until(() -> waiters.stream().noneMatch(w -> w.admissions().isEmpty()));
    assertThat(waiters)
        .allSatisfy(w -> assertThat(w.admissions()).containsExactly(Admission.ACCEPTED));
    return ids;
  }

  private RememberingWaiter submit(InvocationId id, Submissions kind) {
    return fixture.submit(id, kind.withAsync());
  }

  private InvocationRecord find(InvocationId id) {
    return fixture.get(fixture.dispatcher.find(Submissions.TENANT, id)).orElseThrow();
  }

  private List<InvocationRecord> list(InvocationState state) {
    var filter =
        new InvocationFilter(Optional.empty(), Optional.of(state), Optional.empty(), 1_000);
    return fixture.get(fixture.dispatcher.list(Submissions.TENANT, filter));
  }
}
