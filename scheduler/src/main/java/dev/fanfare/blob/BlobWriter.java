package dev.fanfare.blob;

import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * A blob in the making. Ends with {@link #commit} or {@link #abort}; closing it unfinished aborts.
 * Not thread-safe; does disk work and blocks. Failures are {@link BlobException}s.
 */
public final class BlobWriter implements AutoCloseable {
  private final Blobs blobs;
  private final Path path;
  private final FileChannel file;
  private final MessageDigest digest = Sha256.digest();
  private long size;
  private boolean ended;

  BlobWriter(Blobs blobs, Path path) throws IOException {
    this.blobs = blobs;
    this.path = path;
    this.file = FileChannel.open(path, StandardOpenOption.WRITE);
  }

  /** Adds these bytes. */
  public void write(byte[] bytes, int offset, int length) {
    if (ended) {
      throw new IllegalStateException("the blob is finished");
    }
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (IOException e) {
      throw BlobException.failed("write", path, e);
    }
    digest.update(bytes, offset, length);
    size += length;
  }

  /** How many bytes were written. */
  public long size() {
    return size;
  }

  /**
   * Finishes the blob: on disk under its hash when this returns, and at another node of the
   * cluster, too, if one took it in time.
   */
  public Sha256 commit() {
    Sha256 hash = commitHere();
    blobs.copy(hash);
    return hash;
  }

  /** Finishes the blob at this node alone. */
  public Sha256 commitHere() {
    if (ended) {
      throw new IllegalStateException("the blob is finished");
    }
    Sha256 hash = Sha256.ofDigest(digest.digest());
    try {
      file.force(true);
      file.close();
      blobs.adopt(path, hash);
      ended = true;
      return hash;
    } catch (IOException e) {
      abort();
      throw BlobException.failed("write", path, e);
    }
  }

  /** Drops what was written; does nothing once finished. */
  public void abort() {
    if (ended) {
      return;
    }
    ended = true;
    try {
      file.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw BlobException.failed("remove", path, e);
    }
  }

  @Override
  public void close() {
    abort();
  }
}
