package dev.fanfare.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;

/**
 * What a process writes past its captured streams: the JVM's own words, native code. Only the end
 * of it is kept. Never blocks.
 */
final class RawOutput {
  private static final int KEPT_BYTES = 2_048;
  private static final int READ_BYTES = 16 * 1024;

  private final InputStream stream;
  private byte[] end = new byte[0];

  RawOutput(InputStream stream) {
    this.stream = stream;
  }

  /** Reads what is there. */
  void drain() {
    try {
      for (int there = stream.available(); there > 0; there = stream.available()) {
        byte[] more = stream.readNBytes(Math.min(there, READ_BYTES));
        int kept = Math.min(end.length, Math.max(0, KEPT_BYTES - more.length));
        int taken = Math.min(more.length, KEPT_BYTES);
        byte[] joined = new byte[kept + taken];
        System.arraycopy(end, end.length - kept, joined, 0, kept);
        System.arraycopy(more, more.length - taken, joined, kept, taken);
        end = joined;
      }
    } catch (IOException e) {
      // the process has ended; what was read stays
    }
  }

  String text() {
    return new String(end, UTF_8).strip();
  }
}
