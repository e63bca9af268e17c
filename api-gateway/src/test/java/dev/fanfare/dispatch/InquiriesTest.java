package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.Reply.Cancellation;
import dev.fanfare.shard.Submission;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be asked about invocations. */
@Timeout(60)
class InquiriesTest extends DispatcherScene {
  @Test
  void anotherTenantsInvocationAnswersAsAMissingOne() {
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> !waiter.admissions().isEmpty());
    InvocationId id = newest();
    var stranger = new TenantId("stranger");
    assertThat(fixture.get(dispatcher.find(stranger, id))).isEmpty();
    assertThat(fixture.get(dispatcher.await(stranger, id, Duration.ofSeconds(5)))).isEmpty();
    assertThat(fixture.get(dispatcher.cancel(stranger, id, "mine")))
        .isEqualTo(Cancellation.UNKNOWN);
    assertThat(fixture.get(dispatcher.list(stranger, InvocationFilter.newest(10)))).isEmpty();
    assertThat(fixture.get(dispatcher.find(TENANT, id))).isPresent();
  }

  @Test
  void awaitingAnswersWhenTheInvocationEnds() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    fixture.submit(dispatcher.newId(), fixture.submissions().withAsync());
    await().until(() -> worker.leases().size() == 1);
    Lease lease = worker.leases().getFirst();
    var awaited = dispatcher.await(TENANT, lease.id(), Duration.ofSeconds(30));
    worker.succeed(lease);
    assertThat(fixture.get(awaited))
        .map(InvocationRecord::state)
        .contains(InvocationState.SUCCEEDED);
    assertThat(fixture.get(dispatcher.await(TENANT, lease.id(), Duration.ofSeconds(30))))
        .isPresent();
  }

  @Test
  void awaitingAnswersWithTheStateWhenTheTimeIsOver() {
    RememberingWaiter waiter = fixture.submit();
    await().until(() -> !waiter.admissions().isEmpty());
    assertThat(fixture.get(dispatcher.await(TENANT, newest(), Duration.ofMillis(20))))
        .map(InvocationRecord::state)
        .contains(InvocationState.QUEUED);
    assertThat(fixture.get(dispatcher.await(TENANT, dispatcher.newId(), Duration.ofSeconds(30))))
        .isEmpty();
  }

  @Test
  void theEndThatTheLedgerHasIsToldWhateverTheShardShows() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    fixture.submit(dispatcher.newId(), fixture.submissions().withAsync());
    await().until(() -> worker.leases().size() == 1);
    Lease lease = worker.leases().getFirst();
    InvocationRecord running = fixture.get(dispatcher.find(TENANT, lease.id())).orElseThrow();
    assertThat(running.state()).isEqualTo(InvocationState.RUNNING);

    InvocationRecord end = endElsewhere(lease, new Outcome.Cancelled("at the other half"));
    fixture.history.written(end);

    assertThat(fixture.get(dispatcher.find(TENANT, lease.id()))).contains(end);
    assertThat(fixture.get(dispatcher.await(TENANT, lease.id(), Duration.ofSeconds(30))))
        .contains(end);
    assertThat(fixture.get(dispatcher.list(TENANT, InvocationFilter.newest(10))))
        .containsExactly(end);
    assertThat(fixture.get(dispatcher.list(TENANT, running()))).isEmpty();
    assertThat(fixture.get(dispatcher.cancel(TENANT, lease.id(), "mine")))
        .isEqualTo(Cancellation.ENDED);

    worker.succeed(lease);
    await().until(() -> fixture.counts().succeeded() == 1);
    await().until(() -> fixture.counts().retained() == 0);
    assertThat(fixture.get(dispatcher.find(TENANT, lease.id()))).contains(end);
  }

  @Test
  void whoCancelsIsToldThatAnotherEndStands() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.LATER);
    fixture.submit(dispatcher.newId(), fixture.submissions().withAsync());
    await().until(() -> worker.leases().size() == 1);
    Lease lease = worker.leases().getFirst();
    InvocationId id = lease.id();
    var gate = fixture.history.hold();

    var cancelled = dispatcher.cancel(TENANT, id, "mine");
    await().until(() -> fixture.counts().cancelled() == 1);
    InvocationRecord end = endElsewhere(lease, new Outcome.Success(Payload.EMPTY));
    fixture.history.written(end);
    gate.complete(null);

    assertThat(fixture.get(cancelled)).isEqualTo(Cancellation.ENDED);
    assertThat(fixture.get(dispatcher.find(TENANT, id))).contains(end);
  }

  private static InvocationFilter running() {
    return new InvocationFilter(
        Optional.empty(), Optional.of(InvocationState.RUNNING), Optional.empty(), 10);
  }

  private InvocationRecord endElsewhere(Lease lease, Outcome outcome) {
    Submission work = fixture.submissions().withAsync().make(lease.id());
    return EndsElsewhere.of(work, lease.fence() + 1, outcome);
  }

  @Test
  void aListHasWhatWaitsAndWhatEndedNewestFirst() {
    fixture.attach("one", 3, ScriptedWorker.AT_ONCE);
    List<RememberingWaiter> ended = fixture.submitAtOnce(3);
    await().until(() -> ended.stream().allMatch(w -> w.ends().size() == 1));
    fixture.submit(dispatcher.newId(), fixture.submissions().withRequirements(demanding("gpu")));
    await().until(() -> fixture.counts().queued() == 1);
    List<InvocationRecord> all = fixture.get(dispatcher.list(TENANT, InvocationFilter.newest(10)));
    assertThat(all).hasSize(4);
    assertThat(all.getFirst().state()).isEqualTo(InvocationState.QUEUED);
    assertThat(fixture.get(dispatcher.list(TENANT, InvocationFilter.newest(2)))).hasSize(2);
  }
}
