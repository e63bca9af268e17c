package dev.fanfare.ledger;

import static dev.fanfare.ledger.HistoryExamples.OK;
import static dev.fanfare.ledger.HistoryExamples.RESIZE;
import static dev.fanfare.ledger.HistoryExamples.ended;
import static dev.fanfare.ledger.HistoryExamples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import dev.fanfare.protocol.TenantId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(LedgerPlace.class)
@Timeout(60)
class LedgerWritesTest {
  private static final long NOW = System.currentTimeMillis();

  @Parameter private LedgerPlace place;
  @TempDir private Path data;

  @Test
  void whatWasWrittenIsThereAfterReopening() {
    var record = ended(id(NOW, 1), RESIZE, OK);
    try (DataFolder folder = DataFolder.open(data);
        Ledger ledger = open(folder)) {
      ledger.invocations().append(List.of(record)).toCompletableFuture().join();
    }
    try (DataFolder folder = DataFolder.open(data);
        Ledger ledger = open(folder)) {
      assertThat(ledger.invocations().find(TenantId.DEFAULT, record.id())).contains(record);
    }
  }

  @Test
  void closingWritesWhatWaits() {
    List<CompletableFuture<InvocationHistory.Kept>> stages;
    try (DataFolder folder = DataFolder.open(data);
        Ledger ledger = open(folder)) {
      stages =
          IntStream.range(0, 500)
              .mapToObj(i -> List.of(ended(id(NOW, i), RESIZE, OK)))
              .map(records -> ledger.invocations().append(records).toCompletableFuture())
              .toList();
    }
    assertThat(stages).allSatisfy(stage -> assertThat(stage).isCompleted());
  }

  @Test
  void changesAreWrittenInTheirOrderAndAnsweredInIt() {
    try (DataFolder folder = DataFolder.open(data);
        Ledger ledger = open(folder)) {
      List<Integer> answered = Collections.synchronizedList(new ArrayList<>());
      List<CompletableFuture<Void>> stages = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        int number = i;
        stages.add(
            ledger.writer().submit(1, 0, connection -> {}).thenRun(() -> answered.add(number)));
      }
      CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).join();
      assertThat(answered).hasSize(1_000).isSorted();
    }
  }

  @Test
  void aChangeThatFailsDoesNotTakeOthersOfItsTransactionWithIt() {
    try (DataFolder folder = DataFolder.open(data);
        Ledger ledger = open(folder)) {
      var before = ledger.invocations().append(List.of(ended(id(NOW, 1), RESIZE, OK)));
      var bad =
          ledger
              .writer()
              .submit(
                  1, 0, connection -> Sql.execute(connection, "INSERT INTO nowhere VALUES (1)"));
      var after = ledger.invocations().append(List.of(ended(id(NOW, 2), RESIZE, OK)));

      assertThat(before).succeedsWithin(Duration.ofSeconds(10));
      assertThat(after).succeedsWithin(Duration.ofSeconds(10));
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(bad::join)
          .havingCause()
          .asInstanceOf(throwable(LedgerException.class))
          .extracting(LedgerException::code)
          .isEqualTo("ledger-failed");
      assertThat(ledger.invocations().list(TenantId.DEFAULT, InvocationFilter.newest(10)))
          .hasSize(2);
    }
  }

  @Test
  void tooMuchThatWaitsIsRefusedAtOnce() {
    try (DataFolder folder = DataFolder.open(data);
        Ledger ledger = open(folder)) {
      var refused = ledger.writer().submit(GroupCommit.MOST_ROWS_WAITING + 1, 0, connection -> {});
      assertThat(refused).isCompletedExceptionally();
      assertThat(ledger.writer().submit(1, 0, connection -> {}))
          .succeedsWithin(Duration.ofSeconds(10));
    }
  }

  @Test
  void aClosedLedgerRefuses() {
    try (DataFolder folder = DataFolder.open(data)) {
      Ledger ledger = open(folder);
      ledger.close();
      assertThat(ledger.invocations().append(List.of(ended(id(NOW, 1), RESIZE, OK))))
          .isCompletedExceptionally();
      assertThatThrownBy(() -> ledger.invocations().find(TenantId.DEFAULT, id(NOW, 1)))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("closed");
      ledger.close();
    }
  }

  private Ledger open(DataFolder folder) {
    return place.open(folder, Retention.DEFAULT, Clock.systemUTC());
  }
}
