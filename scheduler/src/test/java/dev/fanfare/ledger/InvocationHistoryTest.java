package dev.fanfare.ledger;

import static dev.fanfare.ledger.HistoryExamples.BROKEN;
import static dev.fanfare.ledger.HistoryExamples.COUNT;
import static dev.fanfare.ledger.HistoryExamples.OK;
import static dev.fanfare.ledger.HistoryExamples.RESIZE;
import static dev.fanfare.ledger.HistoryExamples.ended;
import static dev.fanfare.ledger.HistoryExamples.id;
import static dev.fanfare.protocol.TenantId.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.ledger.FunctionStatistics.Percentiles;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.WorkerId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(LedgerPlace.class)
class InvocationHistoryTest {
  private static final long NOW = System.currentTimeMillis();

  @Parameter private LedgerPlace place;
  @TempDir private Path data;
  private DataFolder folder;
  private Ledger ledger;
  private InvocationHistory history;

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
  void everyKindOfOutcomeComesBackAsItWas() {
    Outcome large =
        new Outcome.Success(new Payload.Blob("image/png", Sha256.of(new byte[] {9}), 1L << 40));
    List<InvocationRecord> records =
        List.of(
            ended(id(NOW, 1), RESIZE, OK),
            ended(id(NOW, 2), RESIZE, large),
            ended(id(NOW, 3), RESIZE, new Outcome.Success(Payload.EMPTY)),
            ended(id(NOW, 4), RESIZE, BROKEN),
            ended(id(NOW, 5), RESIZE, new Outcome.Cancelled("not needed")));
    append(records);
    assertThat(records)
        .allSatisfy(record -> assertThat(history.find(DEFAULT, record.id())).contains(record));
  }

  @Test
  void anotherTenantsInvocationIsAsAMissingOne() {
    var record = ended(id(NOW, 1), RESIZE, OK);
    append(List.of(record));
    assertThat(history.find(new TenantId("other"), record.id())).isEmpty();
    assertThat(history.list(new TenantId("other"), InvocationFilter.newest(10))).isEmpty();
  }

  @Test
  void theFirstOutcomeStays() {
    append(List.of(ended(id(NOW, 1), RESIZE, OK)));
    append(List.of(ended(id(NOW, 1), RESIZE, BROKEN)));
    assertThat(history.find(DEFAULT, id(NOW, 1)).orElseThrow().state())
        .isEqualTo(InvocationState.SUCCEEDED);
  }

  @Test
  void anInvocationThatHasNotEndedIsRefused() {
    var ended = ended(id(NOW, 1), RESIZE, OK);
    var running =
        new InvocationRecord(
            ended.id(),
            ended.tenant(),
            ended.function(),
            ended.revision(),
            InvocationState.RUNNING,
            "",
            false,
            0,
            1,
            0,
            1,
            Optional.empty(),
            ended.origin(),
            0,
            0,
            0,
            0,
            Optional.empty(),
            ended.usage());
    assertThatThrownBy(() -> history.append(List.of(running)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void listsAreNewestFirstAndFiltered() {
    append(
        List.of(
            ended(id(NOW - 2_000, 1), RESIZE, OK),
            ended(id(NOW, 2), COUNT, OK),
            ended(id(NOW - 1_000, 3), RESIZE, BROKEN)));

    assertThat(list(InvocationFilter.newest(10))).containsExactly(NOW, NOW - 1_000, NOW - 2_000);
    assertThat(list(InvocationFilter.newest(1))).containsExactly(NOW);
    assertThat(list(InvocationFilter.newest(RESIZE, 10))).containsExactly(NOW - 1_000, NOW - 2_000);
    assertThat(list(filter(Optional.of(InvocationState.FAILED), 0))).containsExactly(NOW - 1_000);
    assertThat(list(filter(Optional.of(InvocationState.SUCCEEDED), 0)))
        .containsExactly(NOW, NOW - 2_000);
    assertThat(list(filter(Optional.of(InvocationState.QUEUED), 0))).isEmpty();
    assertThat(list(filter(Optional.empty(), NOW - 1_500))).containsExactly(NOW, NOW - 1_000);
  }

  @Test
  void statisticsTellWhatTheNewestCallsTook() {
    List<InvocationRecord> records = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      records.add(ended(id(NOW, i), DEFAULT, RESIZE, i % 10 == 0 ? BROKEN : OK, i * 10L, i * 100L));
    }
    records.add(ended(id(NOW, 500), COUNT, BROKEN));
    append(records);

    FunctionStatistics statistics = history.statistics(DEFAULT, RESIZE);
    assertThat(statistics)
        .isEqualTo(
            new FunctionStatistics(
                100,
                10,
                new Percentiles(500, 950, 990),
                new Percentiles(5_000, 9_500, 9_900),
                List.of(new WorkerId("worker-1"))));
  }

  @Test
  void aFunctionWithoutCallsHasEmptyStatistics() {
    assertThat(history.statistics(DEFAULT, RESIZE))
        .isEqualTo(
            new FunctionStatistics(
                0, 0, new Percentiles(0, 0, 0), new Percentiles(0, 0, 0), List.of()));
  }

  @Test
  void whatIsTooOldIsRemoved() {
    long old = NOW - Duration.ofDays(8).toMillis();
    append(List.of(ended(id(old, 1), RESIZE, OK), ended(id(NOW, 2), RESIZE, OK)));
    await().untilAsserted(() -> assertThat(list(InvocationFilter.newest(10))).containsExactly(NOW));
  }

  @Test
  void ofWhatIsTooMuchTheOldestIsRemoved() {
    close();
    open(new Retention(Duration.ofDays(7), 10, 10));
    List<InvocationRecord> records = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      records.add(ended(id(NOW + i, i), RESIZE, OK));
    }
    append(records);
    await().untilAsserted(() -> assertThat(list(InvocationFilter.newest(100))).hasSize(10));
    assertThat(list(InvocationFilter.newest(100))).startsWith(NOW + 24).endsWith(NOW + 15);
  }

  private void open(Retention retention) {
    folder = DataFolder.open(data);
    ledger = place.open(folder, retention, Clock.systemUTC());
    history = ledger.invocations();
  }

  private void append(List<InvocationRecord> records) {
    history.append(records).toCompletableFuture().join();
  }

  /** When the listed were made. */
  private List<Long> list(InvocationFilter filter) {
    return history.list(DEFAULT, filter).stream().map(record -> record.id().epochMillis()).toList();
  }

  private static InvocationFilter filter(Optional<InvocationState> state, long since) {
    return new InvocationFilter(
        Optional.empty(),
        state,
        since == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(since)),
        10);
  }
}
