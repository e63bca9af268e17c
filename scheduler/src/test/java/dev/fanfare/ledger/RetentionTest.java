package dev.fanfare.ledger;

import static dev.fanfare.ledger.HistoryExamples.BROKEN;
import static dev.fanfare.ledger.HistoryExamples.OK;
import static dev.fanfare.ledger.HistoryExamples.RESIZE;
import static dev.fanfare.ledger.HistoryExamples.ended;
import static dev.fanfare.ledger.HistoryExamples.id;
import static dev.fanfare.ledger.HistoryExamples.submitted;
import static dev.fanfare.protocol.TenantId.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.LogLine;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Usage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept, and for how long, of work that took long to end. */
@Timeout(120)
@ParameterizedClass
@EnumSource(LedgerPlace.class)
class RetentionTest {
  private static final NodeId NODE = new NodeId("node-1");
  private static final long NOW = System.currentTimeMillis();
  private static final long LONG_AGO = NOW - Duration.ofDays(10).toMillis();

  @Parameter private LedgerPlace place;
  @TempDir private Path data;
  private DataFolder folder;
  private Ledger ledger;

  @BeforeEach
  void open() {
    open(Retention.DEFAULT);
  }

  @AfterEach
  void close() {
    ledger.close();
    folder.close();
  }

  @Test
  void whatWasSubmittedLongAgoAndEndedNowIsKeptFromItsEndOn() {
    InvocationId late = id(LONG_AGO, 1);
    accept(late);
    done(
        ledger
            .logs()
            .append(List.of(new LogLine(late, 1, 1, NOW * 1_000, "stdout", "info", "here"))));
    done(ledger.invocations().append(List.of(endedNow(late, BROKEN))));
    sweepComesBy();

    assertThat(ledger.invocations().find(DEFAULT, late)).isPresent();
    assertThat(ledger.logs().read(late, 0, 0, 10)).hasSize(1);
    assertThat(letters()).containsExactly(late);
    assertThat(ledger.accepted().deadLetters().find(DEFAULT, late, NODE)).isPresent();
  }

  @Test
  void aDeadLetterIsListedWhenItsEndIsHistoryNoMore() {
    close();
    open(new Retention(Duration.ofDays(7), 10, 10));
    InvocationId dead = id(NOW, 1);
    accept(dead);
    done(ledger.invocations().append(List.of(endedNow(dead, BROKEN))));
    List<InvocationRecord> others = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      others.add(ended(id(NOW + 1 + i, i), RESIZE, OK));
    }
    done(ledger.invocations().append(others));
    sweepComesBy();

    assertThat(letters()).containsExactly(dead);
  }

  private List<InvocationId> letters() {
    return ledger
        .accepted()
        .deadLetters()
        .list(DEFAULT, Optional.empty(), Optional.empty(), 10)
        .stream()
        .map(InvocationRecord::id)
        .toList();
  }

  /** Appends what is too old, and waits until that was removed. */
  private void sweepComesBy() {
    InvocationId old = id(LONG_AGO - 1, 99);
    done(ledger.invocations().append(List.of(ended(old, RESIZE, OK))));
    await().until(() -> ledger.invocations().find(DEFAULT, old).isEmpty());
  }

  private void accept(InvocationId id) {
    done(ledger.accepted().accept(List.of(submitted(id, NODE, "work"))));
  }

  private static InvocationRecord endedNow(InvocationId id, Outcome outcome) {
    InvocationRecord then = ended(id, RESIZE, outcome);
    return new InvocationRecord(
        id,
        then.tenant(),
        then.function(),
        then.revision(),
        then.state(),
        then.callId(),
        true,
        0,
        1,
        0,
        1,
        then.worker(),
        then.origin(),
        then.submittedAt(),
        0,
        NOW * 1_000,
        NOW * 1_000,
        then.outcome(),
        Usage.NONE);
  }

  private void open(Retention retention) {
    folder = DataFolder.open(data);
    ledger = place.open(folder, retention, Clock.systemUTC());
  }

  private static void done(CompletionStage<?> stage) {
    stage.toCompletableFuture().join();
  }
}
