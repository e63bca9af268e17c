package dev.fanfare.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.blob.Blobs;
import dev.fanfare.frame.LogLine;
import dev.fanfare.ledger.DataFolder;
import dev.fanfare.ledger.Ledger;
import dev.fanfare.ledger.Retention;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BackupTest {
  private static final Clock CLOCK = Clock.systemUTC();

  private static final InvocationId ID = new InvocationId(System.currentTimeMillis() << 16, 7);

  @TempDir private Path home;
  private Path file;
  private Sha256 blob;

  @BeforeEach
  void backUp() {
    file = home.resolve("backup.zip");
    try (DataFolder folder = DataFolder.open(home.resolve("before"));
        Ledger ledger = Ledger.open(folder, Retention.DEFAULT, CLOCK)) {
      Blobs blobs = Blobs.open(folder.path().resolve("blobs"), CLOCK);
      blob = blobs.put("something large".repeat(1_000).getBytes(UTF_8));
      write(ledger, "in time", 1);
      Backup.write(ledger, blobs, file);
      write(ledger, "too late", 2);
    }
  }

  @Test
  void allThatWasThereAtThatMomentIsPutBack() {
    Path after = home.resolve("after");

    Backup.Restored restored = Backup.restore(file, after);

    assertThat(restored.blobs()).isEqualTo(1);
    try (DataFolder folder = DataFolder.open(after);
        Ledger ledger = Ledger.open(folder, Retention.DEFAULT, CLOCK)) {
      assertThat(ledger.logs().read(ID, 0, 0, 10))
          .extracting(LogLine::text)
          .containsExactly("in time");
      assertThat(Blobs.open(after.resolve("blobs"), CLOCK).has(blob)).isTrue();
    }
  }

  @Test
  void aFolderWithALedgerIsLeftAlone() {
    assertThatThrownBy(() -> Backup.restore(file, home.resolve("before")))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("has a ledger already");
  }

  @Test
  void whatIsNoBackupIsRefused() throws IOException {
    Path other = Files.writeString(home.resolve("other.zip"), "no zip");
    assertThatThrownBy(() -> Backup.restore(other, home.resolve("after")))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("other.zip");
  }

  @Test
  void aDamagedBackupLeavesNoLedger() throws IOException {
    try (var zip = new RandomAccessFile(file.toFile(), "rw")) {
      zip.seek(zip.length() / 2);
      zip.write(new byte[2_000]);
    }
    assertThatThrownBy(() -> Backup.restore(file, home.resolve("after")))
        .isInstanceOf(RuntimeException.class);
    assertThat(home.resolve("after/ledger.db")).doesNotExist();
  }

  @Test
  void aLedgerThatDoesNotFitItsChecksumIsNotPutBack() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int directoryEntry = new String(bytes, ISO_8859_1).lastIndexOf("ledger.db") - 46;
    bytes[directoryEntry + 16] ^= 4;
    Files.write(file, bytes);
    Path after = home.resolve("after");

    assertThatThrownBy(() -> Backup.restore(file, after))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("backup.zip")
        .hasMessageContaining("the ledger in it is damaged");
    assertThat(after.resolve("ledger.db")).doesNotExist();
  }

  @Test
  void aLedgerOfANewerSoftwareIsNotLeftBehind() throws Exception {
    Path newer = Files.copy(file, home.resolve("newer.zip"));
    Path ledger = home.resolve("ledger.db");
    try (FileSystem zip = FileSystems.newFileSystem(newer)) {
      Files.copy(zip.getPath("ledger.db"), ledger);
      try (var connection = DriverManager.getConnection("jdbc:sqlite:" + ledger);
          var statement = connection.createStatement()) {
        statement.execute("INSERT INTO schema_versions VALUES (99)");
      }
      Files.copy(ledger, zip.getPath("ledger.db"), StandardCopyOption.REPLACE_EXISTING);
    }
    Path after = home.resolve("after");

    assertThatThrownBy(() -> Backup.restore(newer, after))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("newer.zip")
        .hasMessageContaining("has version 99");
    assertThat(Backup.restore(file, after).blobs()).as("the folder is free").isEqualTo(1);
  }

  @Test
  void aBlobWhoseNameIsDamagedIsMissed() throws IOException {
    String bytes = Files.readString(file, ISO_8859_1);
    int name = bytes.lastIndexOf("blobs/");
    Files.writeString(
        file, bytes.substring(0, name) + "clobs/" + bytes.substring(name + 6), ISO_8859_1);
    Path after = home.resolve("after");

    assertThatThrownBy(() -> Backup.restore(file, after))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("clobs/");
    assertThat(after.resolve("ledger.db")).doesNotExist();
  }

  @Test
  void aLogOfAnotherLedgerIsNotTakenForThatOfTheOneThatIsPutBack() throws IOException {
    Path before = home.resolve("before");
    Path after = Files.createDirectories(home.resolve("after"));
    try (DataFolder folder = DataFolder.open(before);
        Ledger ledger = Ledger.open(folder, Retention.DEFAULT, CLOCK)) {
      write(ledger, "of another day", 3);
      Files.copy(before.resolve("ledger.db-wal"), after.resolve("ledger.db-wal"));
    }
    assertThatThrownBy(() -> Backup.restore(file, after))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("ledger.db-wal");
  }

  private static void write(Ledger ledger, String text, int sequence) {
    var line = new LogLine(ID, 1, sequence, 1, "stdout", "info", text);
    ledger.logs().append(List.of(line)).toCompletableFuture().join();
  }
}
