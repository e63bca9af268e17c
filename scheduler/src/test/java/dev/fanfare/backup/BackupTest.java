package dev.fanfare.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.blob.Blobs;
import dev.fanfare.key.Keys;
import dev.fanfare.key.Scope;
import dev.fanfare.ledger.DataFolder;
import dev.fanfare.ledger.Ledger;
import dev.fanfare.ledger.Retention;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BackupTest {
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir private Path home;
  private Path file;
  private String key;
  private Sha256 blob;

  @BeforeEach
  void backUp() {
    file = home.resolve("backup.zip");
    try (DataFolder folder = DataFolder.open(home.resolve("before"));
        Ledger ledger = Ledger.open(folder, Retention.DEFAULT, CLOCK)) {
      Blobs blobs = Blobs.open(folder.path().resolve("blobs"), CLOCK);
      blob = blobs.put("something large".repeat(1_000).getBytes(UTF_8));
      var keys = Keys.load(ledger.keys(), CLOCK);
      key = keys.issue(TenantId.DEFAULT, Scope.ADMIN, "kept", Optional.empty()).text();
      Backup.write(ledger, blobs, file);
      keys.issue(TenantId.DEFAULT, Scope.ADMIN, "too late", Optional.empty());
    }
  }

  @Test
  void allThatWasThereAtThatMomentIsPutBack() {
    Path after = home.resolve("after");

    Backup.Restored restored = Backup.restore(file, after);

    assertThat(restored.blobs()).isEqualTo(1);
    try (DataFolder folder = DataFolder.open(after);
        Ledger ledger = Ledger.open(folder, Retention.DEFAULT, CLOCK)) {
      var keys = Keys.load(ledger.keys(), CLOCK);
      assertThat(keys.authenticate(key)).isPresent();
      assertThat(keys.list(TenantId.DEFAULT)).hasSize(1);
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
}
