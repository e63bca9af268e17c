package dev.fanfare.channel;

import java.util.Arrays;

/**
 * Walks through events. Methods throw {@link MalformedEvents} where the bytes are none. The
 * accessors tell of the event that {@link #next} moved to. Not thread-safe.
 */
public final class EventReader {
  private final byte[] bytes;
  private final int end;
  private int at;
  private EventKind kind = EventKind.OPEN;
  private int channel;
  private int start;
  private int count;

  /** Reads these bytes, which are not copied. */
  public EventReader(byte[] events) {
    this.bytes = events;
    this.end = events.length;
  }

  /** Moves to the next event; false if there is none. */
  public boolean next() {
    if (at == end) {
      return false;
    }
    kind = EventKind.of(bytes[at++]);
    long number = number();
    long length = number();
    if (number > Integer.MAX_VALUE) {
      throw new MalformedEvents("there is no channel " + number);
    }
    if (length > end - at) {
      throw new MalformedEvents("an event ends after the message");
    }
    channel = (int) number;
    start = at;
    count = (int) length;
    at += count;
    return true;
  }

  /** What it is. */
  public EventKind kind() {
    return kind;
  }

  /** Of which channel it is. */
  public int channel() {
    return channel;
  }

  /** How many bytes it carries. */
  public int count() {
    return count;
  }

  /** What it carries, copied. */
  public byte[] content() {
    return Arrays.copyOfRange(bytes, start, start + count);
  }

  /** Whether other events follow. */
  public boolean hasMore() {
    return at < end;
  }

  /** The events that follow, copied. */
  public byte[] rest() {
    return Arrays.copyOfRange(bytes, at, end);
  }

  /** The number that a {@link EventKind#CREDIT} carries. */
  public long credit() {
    int after = at;
    at = start;
    long value = number();
    if (at != after) {
      throw new MalformedEvents("a credit is no number");
    }
    return value;
  }

  private long number() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      if (at >= end) {
        throw new MalformedEvents("the events end early");
      }
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new MalformedEvents("a number is too large");
  }
}
