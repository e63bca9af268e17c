package dev.fanfare.channel;

import java.util.Arrays;

/**
 * Gathers events: for each the kind's byte, the channel's number and the length of what it carries
 * (unsigned LEB128), and so many bytes. Not thread-safe.
 */
public final class EventWriter {
  private static final int FIRST_BYTES = 512;

  private static final byte[] NOTHING = {};

  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;

  /** Adds an event that carries these bytes. */
  public EventWriter add(EventKind kind, int channel, byte[] content) {
    room(11 + content.length);
    bytes[length++] = kind.code();
    number(channel);
    number(content.length);
    System.arraycopy(content, 0, bytes, length, content.length);
    length += content.length;
    return this;
  }

  /** Adds an event that carries nothing. */
  public EventWriter add(EventKind kind, int channel) {
    return add(kind, channel, NOTHING);
  }

  /** Adds credit. */
  public EventWriter credit(int channel, long count) {
    room(20);
    bytes[length++] = EventKind.CREDIT.code();
    number(channel);
    number((63 - Long.numberOfLeadingZeros(count | 1)) / 7 + 1);
    number(count);
    return this;
  }

  /** How many bytes there are. */
  public int length() {
    return length;
  }

  /** Takes what was added; the writer is empty then. */
  public byte[] take() {
    byte[] taken = length == 0 ? NOTHING : Arrays.copyOf(bytes, length);
    length = 0;
    return taken;
  }

  private void number(long value) {
    long rest = value;
    while (rest > 0x7f) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }
}
