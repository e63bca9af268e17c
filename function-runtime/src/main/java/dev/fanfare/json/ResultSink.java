package dev.fanfare.json;

import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes a result's bytes: a small one stays in memory, a larger one goes to a file in the blobs
 * folder on the way, under its hash at the end. Refuses what goes over the limit. Not thread-safe.
 */
public final class ResultSink extends OutputStream {
  private static final int FIRST_BYTES = 256;

  private final Path blobs;
  private final long limit;
  private byte[] bytes = new byte[FIRST_BYTES];
  private long size;
  private @Nullable Path file;
  private @Nullable OutputStream out;
  private @Nullable MessageDigest digest;

  /** A sink for one result of at most {@code limit} bytes. */
  public ResultSink(Path blobs, long limit) {
    this.blobs = blobs;
    this.limit = limit;
  }

  /** How many bytes came so far. */
  public long size() {
    return size;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int count) throws IOException {
    if (size + count > limit) {
      throw UnusableResult.tooLarge(limit);
    }
    if (out == null && size + count > Payload.INLINE_LIMIT) {
      spill();
    }
    if (out != null && digest != null) {
      digest.update(source, offset, count);
      out.write(source, offset, count);
    } else {
      int needed = (int) size + count;
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
      }
      System.arraycopy(source, offset, bytes, (int) size, count);
    }
    size += count;
  }

  /** The body, complete. */
  public Payload payload(String contentType) throws IOException {
    if (file == null || out == null || digest == null) {
      return new Payload.Inline(contentType, Arrays.copyOf(bytes, (int) size));
    }
    out.close();
    Sha256 hash = Sha256.ofDigest(digest.digest());
    Files.move(
        file,
        blobs.resolve(hash.hex()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    file = null;
    return new Payload.Blob(contentType, hash, size);
  }

  /** Leaves no file behind unless the body is complete. */
  @Override
  public void close() throws IOException {
    if (file != null && out != null) {
      out.close();
      Files.deleteIfExists(file);
    }
  }

  private void spill() throws IOException {
    file = Files.createTempFile(blobs, ".result-", "");
    out = Files.newOutputStream(file);
    digest = Sha256.digest();
    digest.update(bytes, 0, (int) size);
    out.write(bytes, 0, (int) size);
  }
}
