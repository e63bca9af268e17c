package dev.fanfare.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.frame.LogLine;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Makes lines of bytes. A line that goes on for ever is cut and costs no more memory. Not
 * thread-safe.
 */
final class LineBuffer {
  private static final int MOST_BYTES = LogLine.TEXT_LIMIT * 4;

  private final Consumer<String> lines;
  private byte[] bytes = new byte[128];
  private int length;
  private boolean cut;

  LineBuffer(Consumer<String> lines) {
    this.lines = lines;
  }

  void write(byte[] source, int offset, int count) {
    int start = offset;
    int end = offset + count;
    for (int i = offset; i < end; i++) {
      if (source[i] == '\n') {
        append(source, start, i - start);
        finish();
        start = i + 1;
      }
    }
    append(source, start, end - start);
  }

  /** Ends a line that has begun. */
  void finishPartial() {
    if (length > 0) {
      finish();
    }
  }

  private void append(byte[] source, int offset, int count) {
    int room = MOST_BYTES - length;
    cut |= count > room;
    int taken = Math.min(count, room);
    if (length + taken > bytes.length) {
      bytes =
          Arrays.copyOf(bytes, Math.max(length + taken, Math.min(MOST_BYTES, bytes.length * 2)));
    }
    System.arraycopy(source, offset, bytes, length, taken);
    length += taken;
  }

  private void finish() {
    int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
    String text = new String(bytes, 0, end, UTF_8);
    lines.accept(cut || text.length() > LogLine.TEXT_LIMIT ? shorten(text) : text);
    length = 0;
    cut = false;
  }

  /** The text with an ellipsis in place of what is too much. */
  static String shorten(String text) {
    int end = Math.min(text.length(), LogLine.TEXT_LIMIT - 1);
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }
}
