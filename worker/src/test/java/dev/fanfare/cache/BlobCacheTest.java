package dev.fanfare.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class BlobCacheTest {
  private static final int BOUND = 100;

  @TempDir Path folder;

  private Sha256 write(String text) throws IOException {
    Sha256 hash = Sha256.of(text.getBytes(UTF_8));
    Files.writeString(folder.resolve(hash.hex()), text);
    return hash;
  }

  /** A blob of 40 bytes that nobody uses. */
  private Sha256 idle(BlobCache cache, String letter) throws IOException {
    Sha256 hash = used(cache, letter);
    cache.release(hash);
    return hash;
  }

  private Sha256 used(BlobCache cache, String letter) throws IOException {
    Sha256 hash = write(letter.repeat(40));
    cache.add(hash, 40);
    return hash;
  }

  @Test
  void theOneUsedLongestAgoGoesWhenTheBoundIsPassed() throws Exception {
    var cache = new BlobCache(folder, BOUND);
    Sha256 first = idle(cache, "a");
    Sha256 second = idle(cache, "b");
    cache.use(first);
    cache.release(first);
    Sha256 third = idle(cache, "c");
    assertThat(cache.path(second)).doesNotExist();
    assertThat(cache.use(second)).isFalse();
    assertThat(cache.path(first)).exists();
    assertThat(cache.path(third)).exists();
  }

  @Test
  void whatIsInUseStaysUntilItIsReleased() throws Exception {
    var cache = new BlobCache(folder, BOUND);
    Sha256 first = used(cache, "a");
    Sha256 second = used(cache, "b");
    Sha256 third = used(cache, "c");
    assertThat(folder).isDirectoryContaining(file -> file.endsWith(first.hex()));
    cache.release(second);
    assertThat(cache.path(second)).doesNotExist();
    assertThat(cache.path(first)).exists();
    assertThat(cache.path(third)).exists();
  }

  @Test
  void anEarlierRunsFilesAreTakenUpAndHalfWrittenOnesRemoved() throws Exception {
    Sha256 old = write("a".repeat(60));
    Sha256 young = write("b".repeat(60));
    Files.setLastModifiedTime(folder.resolve(old.hex()), FileTime.fromMillis(1_000));
    Path part = Files.writeString(folder.resolve(".part-" + young.hex()), "half");
    var cache = new BlobCache(folder, BOUND);
    assertThat(cache.use(young)).isTrue();
    assertThat(cache.use(old)).isFalse();
    assertThat(part).doesNotExist();
  }
}
