package dev.fanfare.ledger;

import static dev.fanfare.ledger.HistoryExamples.OK;
import static dev.fanfare.ledger.HistoryExamples.RESIZE;
import static dev.fanfare.ledger.HistoryExamples.ended;
import static dev.fanfare.ledger.HistoryExamples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fanfare.protocol.TenantId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that a crash or a bad disk left behind. */
@Timeout(60)
class DamageTest {
  private static final long NOW = System.currentTimeMillis();
  private static final int ROWS = 40;

  @TempDir private Path data;
  @TempDir private Path crashed;

  /** Files as a crash leaves them: what was committed lies in the log. */
  @BeforeEach
  void crash() throws IOException {
    try (DataFolder folder = DataFolder.open(data);
        Ledger ledger = open(folder)) {
      for (int i = 0; i < ROWS; i++) {
        ledger
            .invocations()
            .append(List.of(ended(id(NOW, i), RESIZE, OK)))
            .toCompletableFuture()
            .join();
      }
      for (String name : List.of("ledger.db", "ledger.db-wal")) {
        Files.copy(data.resolve(name), crashed.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Test
  void allThatWasCommittedIsThereAfterACrash() {
    assertThat(rows()).isEqualTo(ROWS);
  }

  @Test
  void aTornTailIsCutOff() throws IOException {
    try (var log = new RandomAccessFile(log().toFile(), "rw")) {
      log.setLength(log.length() - 2_000);
    }
    assertThat(rows()).isEqualTo(ROWS - 1);
  }

  @Test
  void aFlippedBitInTheLastTransactionIsATornTail() throws IOException {
    flip(log(), Files.size(log()) - 100);
    assertThat(rows()).isEqualTo(ROWS - 1);
  }

  @Test
  void aFlippedBitInTheMiddleOfTheLogIsRefusedWithItsPlace() throws IOException {
    flip(log(), Files.size(log()) / 2);

    assertThatExceptionOfType(LedgerException.class)
        .isThrownBy(this::rows)
        .satisfies(e -> assertThat(e.code()).isEqualTo("ledger-damaged"))
        .withMessageContaining("ledger.db-wal")
        .withMessageContaining("at byte ");
  }

  @Test
  void aTableThatLostItsShapeIsRefused() throws IOException {
    rows(); // moves the log into the file
    Path file = crashed.resolve("ledger.db");
    for (long page = 2; page < Files.size(file) / 4_096; page++) {
      flip(file, page * 4_096); // the kind of every page but the first two
    }

    assertThatExceptionOfType(LedgerException.class)
        .isThrownBy(this::rows)
        .withMessageContaining("ledger.db");
  }

  private Path log() {
    return crashed.resolve("ledger.db-wal");
  }

  private static void flip(Path path, long at) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      int was = file.read();
      file.seek(at);
      file.write(was ^ 0x10);
    }
  }

  private int rows() {
    try (DataFolder folder = DataFolder.open(crashed);
        Ledger ledger = open(folder)) {
      return ledger.invocations().list(TenantId.DEFAULT, InvocationFilter.newest(1_000)).size();
    }
  }

  private static Ledger open(DataFolder folder) {
    return Ledger.open(folder, Retention.DEFAULT, Clock.systemUTC());
  }
}
