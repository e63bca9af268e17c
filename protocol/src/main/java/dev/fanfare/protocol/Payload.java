package dev.fanfare.protocol;

import java.util.Arrays;

/**
 * The bytes of a request or a result with their media type: inside, or named by hash when large.
 */
public sealed interface Payload {
  /** Bodies of more bytes than this travel as blobs, outside the queue. */
  int INLINE_LIMIT = 32 * 1024;

  /** The media type, {@code application/json} for most. */
  String contentType();

  /** How many bytes the body has. */
  long size();

  /** No bytes at all. */
  Inline EMPTY = new Inline("application/json", new byte[0]);

  /**
   * A small body. The array is shared, not copied: whoever makes or reads one leaves it unchanged.
   */
  record Inline(String contentType, byte[] bytes) implements Payload {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Inline that
          && contentType.equals(that.contentType)
          && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Inline[" + contentType + ", " + bytes.length + " bytes]";
    }
  }

  /** A large body, kept under its content's hash. */
  record Blob(String contentType, Sha256 hash, long size) implements Payload {}
}
