package dev.fanfare.burst;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * Splits what comes into lines, one at a time and only when asked. Keeps what came and was not
 * asked for, and of a line that is over the limit no more than the limit. Not thread-safe.
 */
final class Lines {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final int limit;
  private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private byte[] chunk = {};
  private int at;
  private boolean tooLong;
  private boolean ended;
  private long number;

  /** A line, or what came instead of one. */
  sealed interface Line {
    /** Its number, from 1. */
    long number();

    /** A line without its end, trimmed, not blank. */
    record Text(long number, byte[] bytes) implements Line {}

    /** A line of more bytes than the limit. */
    record TooLong(long number) implements Line {}
  }

  Lines(int limit) {
    this.limit = limit;
  }

  void add(byte[] bytes) {
    chunks.add(bytes);
  }

  /** Nothing more comes: what is left without a line's end is a line too. */
  void end() {
    ended = true;
  }

  /** Whether nothing is left that {@link #next} could look at. */
  boolean exhausted() {
    return at >= chunk.length && chunks.isEmpty();
  }

  /** Whether all lines were taken and none will come. */
  boolean finished() {
    return ended && exhausted() && begun.size() == 0 && !tooLong;
  }

  /** The next line, or none until more comes. */
  List<Line> next() {
    while (true) {
      if (at >= chunk.length && !advance()) {
        return ended ? last() : List.of();
      }
      int end = lineEnd();
      int stop = end < 0 ? chunk.length : end;
      keep(stop);
      at = end < 0 ? stop : end + 1;
      if (end >= 0) {
        List<Line> line = taken();
        if (!line.isEmpty()) {
          return line;
        }
      }
    }
  }

  private boolean advance() {
    byte[] following = chunks.poll();
    chunk = following == null ? new byte[0] : following;
    at = 0;
    return following != null;
  }

  private int lineEnd() {
    for (int i = at; i < chunk.length; i++) {
      if (chunk[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void keep(int stop) {
    if (!tooLong && begun.size() + stop - at > limit) {
      tooLong = true;
      begun.reset();
    }
    if (!tooLong) {
      begun.write(chunk, at, stop - at);
    }
  }

  private List<Line> last() {
    return begun.size() == 0 && !tooLong ? List.of() : taken();
  }

  /** The line that is complete now; none if it is blank. */
  private List<Line> taken() {
    number++;
    if (tooLong) {
      tooLong = false;
      return List.of(new Line.TooLong(number));
    }
    byte[] bytes = trimmed(begun.toByteArray(), number == 1);
    begun.reset();
    return bytes.length == 0 ? List.of() : List.of(new Line.Text(number, bytes));
  }

  private static byte[] trimmed(byte[] bytes, boolean first) {
    int from = 0;
    int to = bytes.length;
    if (first && bytes.length >= 3 && Arrays.equals(bytes, 0, 3, BYTE_ORDER_MARK, 0, 3)) {
      from = 3;
    }
    while (from < to && blank(bytes[from])) {
      from++;
    }
    while (to > from && blank(bytes[to - 1])) {
      to--;
    }
    return from == 0 && to == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, to);
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }
}
