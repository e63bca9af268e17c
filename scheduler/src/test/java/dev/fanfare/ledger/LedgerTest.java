package dev.fanfare.ledger;

import static dev.fanfare.ledger.HistoryExamples.RESIZE;
import static dev.fanfare.ledger.HistoryExamples.ended;
import static dev.fanfare.ledger.HistoryExamples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final long NOW = System.currentTimeMillis();

  @TempDir private Path data;

  @Test
  void aFullDiskFailsWhatIsWrittenAndRoomHelpsAgain() {
    try (DataFolder folder = DataFolder.open(data);
        Ledger ledger = open(folder)) {
      InvocationHistory history = ledger.invocations();
      var large =
          IntStream.range(0, 100)
              .mapToObj(i -> ended(id(NOW, i), RESIZE, success(new byte[30_000])))
              .toList();
      limitPages(ledger, 1);
      assertThat(history.append(large)).failsWithin(Duration.ofSeconds(10));
      assertThat(history.append(large)).failsWithin(Duration.ofSeconds(10));
      limitPages(ledger, 1_000_000);
      assertThat(history.append(large)).succeedsWithin(Duration.ofSeconds(10));
      assertThat(history.list(TenantId.DEFAULT, InvocationFilter.newest(1_000))).hasSize(100);
    }
  }

  @Test
  void twoCannotShareAFolder() {
    try (DataFolder _ = DataFolder.open(data)) {
      assertThatThrownBy(() -> DataFolder.open(data))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining(data.toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("--data");
    }
    DataFolder.open(data).close();
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    assumeThat(System.getProperty("user.name")).isNotEqualTo("root");
    Path closed = Files.createDirectory(data.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    assertThatThrownBy(() -> DataFolder.open(closed.resolve("data")))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining(closed.toString());
  }

  @Test
  void aFolderWhereAFileIsIsNamed() throws IOException {
    Path file = Files.writeString(data.resolve("file"), "not a folder");
    assertThatThrownBy(() -> DataFolder.open(file))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("the data folder " + file)
        .hasMessageContaining("--data");
  }

  @Test
  void aNewFolderIsForItsOwnerOnly() throws IOException {
    Path fresh = data.resolve("fresh");
    DataFolder.open(fresh).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)))
        .isEqualTo("rwx------");
  }

  @Test
  void aFileThatIsNoLedgerIsRefusedInWords() throws IOException {
    Files.writeString(data.resolve("ledger.db"), "not a database, but long enough".repeat(100));
    try (DataFolder folder = DataFolder.open(data)) {
      assertThatThrownBy(() -> open(folder))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining(data.resolve("ledger.db").toString())
          .extracting(e -> ((LedgerException) e).code())
          .isEqualTo("ledger-unreadable");
    }
  }

  @Test
  void aLedgerOfNewerSoftwareIsRefused() throws SQLException {
    try (DataFolder folder = DataFolder.open(data)) {
      open(folder).close();
      try (var connection =
              DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
          var statement = connection.createStatement()) {
        statement.execute("INSERT INTO schema_versions VALUES (99)");
      }
      assertThatThrownBy(() -> open(folder))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("version 99");
    }
  }

  /** SQLite fails as on a full disk when it needs more pages; it never gives up those it has. */
  private static void limitPages(Ledger ledger, int pages) {
    ledger
        .writer()
        .submit(
            1,
            0,
            connection -> {
              try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA max_page_count = " + pages);
              }
            })
        .join();
  }

  private static Outcome success(byte[] result) {
    return new Outcome.Success(new Payload.Inline("application/octet-stream", result));
  }

  private static Ledger open(DataFolder folder) {
    return Ledger.open(folder, Retention.DEFAULT, Clock.systemUTC());
  }
}
