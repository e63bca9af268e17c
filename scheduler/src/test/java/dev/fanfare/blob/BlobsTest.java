package dev.fanfare.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobsTest {
  private static final byte[] TEXT = "content names itself".getBytes(UTF_8);

  @TempDir private Path folder;
  private Blobs blobs;

  @BeforeEach
  void open() {
    blobs = Blobs.open(folder, Clock.systemUTC());
  }

  @Test
  void aBlobIsUnderItsHashOnceCommitted() throws IOException {
    BlobWriter writer = blobs.write();
    writer.write(TEXT, 0, 7);
    writer.write(TEXT, 7, TEXT.length - 7);
    assertThat(writer.size()).isEqualTo(TEXT.length);
    assertThat(blobs.has(Sha256.of(TEXT))).isFalse();

    Sha256 hash = writer.commit();

    assertThat(hash).isEqualTo(Sha256.of(TEXT));
    assertThat(blobs.has(hash)).isTrue();
    assertThat(blobs.size(hash)).isEqualTo(TEXT.length);
    assertThat(blobs.path(hash))
        .isEqualTo(folder.resolve(hash.hex().substring(0, 2)).resolve(hash.hex()));
    assertThat(blobs.path(hash)).hasBinaryContent(TEXT);
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void anAbortedBlobLeavesNothing() throws IOException {
    BlobWriter writer = blobs.write();
    writer.write(TEXT, 0, TEXT.length);
    writer.abort();
    writer.abort();
    assertThat(blobs.has(Sha256.of(TEXT))).isFalse();
    assertThat(unfinished()).isEmpty();
    assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aDamagedBlobIsNotReadWholeButTakenFromElsewhereIfItIsThere() throws IOException {
    Sha256 hash = blobs.put(TEXT);
    assertThat(blobs.readWhole(hash)).isEqualTo(TEXT);
    Files.write(blobs.path(hash), "content names itself no".getBytes(UTF_8));

    assertThatThrownBy(() -> blobs.readWhole(hash))
        .isInstanceOf(BlobException.class)
        .hasMessageContaining(blobs.path(hash).toString());
    assertThat(folder.resolve("damaged").resolve(hash.hex())).exists();
    assertThat(blobs.has(hash)).isFalse();

    blobs.put(TEXT);
    Files.write(blobs.path(hash), "content names itself no".getBytes(UTF_8));
    blobs.shareWith(
        new Blobs.Elsewhere() {
          @Override
          public void copy(Sha256 wanted) {}

          @Override
          public boolean bring(Sha256 wanted) {
            return blobs.putHere(TEXT).equals(wanted);
          }
        });
    assertThat(blobs.readWhole(hash)).isEqualTo(TEXT);
  }

  @Test
  void aWriterThatIsClosedUnfinishedAborts() throws IOException {
    try (BlobWriter writer = blobs.write()) {
      writer.write(TEXT, 0, TEXT.length);
    }
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void theSameContentTwiceIsOneBlob() throws IOException {
    assertThat(blobs.put(TEXT)).isEqualTo(blobs.put(TEXT));
    BlobWriter writer = blobs.write();
    writer.write(TEXT, 0, TEXT.length);
    assertThat(writer.commit()).isEqualTo(Sha256.of(TEXT));
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void piecesAreReadAndEndWithTheBlob() {
    Sha256 hash = blobs.put(TEXT);
    assertThat(blobs.read(hash, 0, 7)).isEqualTo("content".getBytes(UTF_8));
    assertThat(blobs.read(hash, 14, 100)).isEqualTo("itself".getBytes(UTF_8));
    assertThat(blobs.read(hash, TEXT.length, 10)).isEmpty();
    assertThat(blobs.read(hash, TEXT.length + 5, 10)).isEmpty();
  }

  @Test
  void aBlobThatIsNotHereIsSaidToBeMissing() {
    Sha256 hash = Sha256.of(TEXT);
    assertThatThrownBy(() -> blobs.read(hash, 0, 1))
        .isInstanceOf(BlobException.class)
        .hasMessageContaining(hash.hex());
    assertThatThrownBy(() -> blobs.size(hash))
        .isInstanceOfSatisfying(
            BlobException.class, e -> assertThat(e.code()).isEqualTo("no-such-blob"));
  }

  @Test
  void whatACrashLeftUnfinishedIsRemovedAtOpening() throws IOException {
    blobs.write().write(TEXT, 0, TEXT.length);
    assertThat(unfinished()).hasSize(1);
    Blobs.open(folder, Clock.systemUTC());
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void aSweepRemovesWhatIsOldAndNotWanted() {
    Sha256 wanted = blobs.put(new byte[] {1});
    Sha256 unwanted = blobs.put(new byte[] {2});
    Instant later = Instant.now().plusSeconds(60);

    assertThat(blobs.sweep(Instant.now().minusSeconds(60), hash -> false)).isZero();
    assertThat(blobs.sweep(later, wanted::equals)).isOne();

    assertThat(blobs.has(wanted)).isTrue();
    assertThat(blobs.has(unwanted)).isFalse();
  }

  @Test
  void writingABlobAgainMakesItYoung() throws IOException {
    Sha256 hash = blobs.put(TEXT);
    Files.setLastModifiedTime(
        blobs.path(hash), java.nio.file.attribute.FileTime.from(Instant.EPOCH));
    blobs.put(TEXT);
    assertThat(blobs.sweep(Instant.now().minusSeconds(60), h -> false)).isZero();
  }

  private List<Path> unfinished() throws IOException {
    try (var files = Files.list(folder.resolve("unfinished"))) {
      return files.toList();
    }
  }
}
