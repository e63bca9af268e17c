package dev.fanfare.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes one message after the other into memory that it uses again. Not thread-safe. */
public final class MessageWriter {
  private static final int FIRST_BYTES = 8 * 1024;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;

  /** Starts a message; what was written before is gone. */
  public MessageWriter begin(MessageKind kind) {
    length = 0;
    room(1);
    bytes[length++] = kind.code();
    return this;
  }

  /** Adds a number, which is not negative. */
  public MessageWriter number(long value) {
    room(10);
    long rest = value;
    while (rest > 0x7f) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  /** Adds bytes behind their length. */
  public MessageWriter entry(byte[] content, int offset, int count) {
    number(count);
    room(count);
    System.arraycopy(content, offset, bytes, length, count);
    length += count;
    return this;
  }

  /** Adds a result. */
  public MessageWriter result(long index, ResultKind kind, byte[] content) {
    number(index);
    room(1);
    bytes[length++] = kind.code();
    return entry(content, 0, content.length);
  }

  /** Adds a text without a length; nothing can follow. */
  public MessageWriter rest(String text) {
    return rest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds bytes without a length; nothing can follow. */
  public MessageWriter rest(byte[] content) {
    room(content.length);
    System.arraycopy(content, 0, bytes, length, content.length);
    length += content.length;
    return this;
  }

  /** How long the message is so far, in bytes. */
  public int length() {
    return length;
  }

  /** The message, in memory of its own. */
  public byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  /** The message in this writer's memory: to be used before the next {@link #begin}. */
  public ByteBuffer view() {
    return ByteBuffer.wrap(bytes, 0, length);
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }
}
