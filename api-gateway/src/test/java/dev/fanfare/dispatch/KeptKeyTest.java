package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work under a key while the ledger does not write. */
@Timeout(60)
class KeptKeyTest {
  private static final Sha256 BODY = Sha256.of(new byte[] {1});
  private static final int OTHERS = 50;

  private final TemporaryLedger ledger = new TemporaryLedger();
  private final DispatchFixture fixture = new DispatchFixture(1, ledger, BacklogLimits.DEFAULT);
  private final CompletableFuture<Void> gate = new CompletableFuture<>();

  @AfterEach
  void close() {
    gate.complete(null);
    fixture.close();
  }

  @Test
  void nothingRunsUnderAKeyThatIsNotKept() {
    ScriptedWorker worker = fixture.attach("one", 100, ScriptedWorker.AT_ONCE);
    ledger.hold(ofNobody(), gate);

    InvocationId keyed = fixture.dispatcher.newId();
    RememberingWaiter waiter = submitOnce(keyed);
    List<InvocationId> others = new ArrayList<>();
    for (int i = 1; i <= OTHERS; i++) {
      others.add(fixture.dispatcher.newId());
      fixture.submit(others.getLast(), fixture.submissions());
      await().until(() -> worker.leases().size() >= others.size());
    }
    assertThat(worker.leases()).extracting(Lease::id).containsExactlyElementsOf(others);
    assertThat(waiter.admissions()).isEmpty();

    gate.complete(null);

    await().until(() -> !waiter.admissions().isEmpty());
    assertThat(waiter.admissions()).containsExactly(Admission.ACCEPTED);
    await().until(() -> worker.leases().stream().map(Lease::id).anyMatch(keyed::equals));
  }

  @Test
  void whatComesWithTheKeyMeanwhileStandsForTheFirst() {
    ledger.hold(ofNobody(), gate);
    InvocationId first = fixture.dispatcher.newId();
    RememberingWaiter one = submitOnce(first);
    RememberingWaiter other = submitOnce(fixture.dispatcher.newId());

    gate.complete(null);

    await().until(() -> !one.admissions().isEmpty() && !other.known().isEmpty());
    assertThat(other.known()).containsExactly(first);
  }

  /** Work that no worker takes. */
  private Submission ofNobody() {
    return fixture
        .submissions()
        .withRequirements(DispatcherScene.demanding("gpu"))
        .withAsync()
        .make(fixture.dispatcher.newId());
  }

  private RememberingWaiter submitOnce(InvocationId id) {
    var waiter = new RememberingWaiter();
    fixture.dispatcher.submitOnce(fixture.submissions().withAsync().make(id), "key", BODY, waiter);
    return waiter;
  }
}
