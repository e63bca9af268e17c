package dev.fanfare.program;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Passes a program's standard error on to the attempt's log, and keeps its end. */
final class ErrorTail {
  private static final int KEPT = 4_096;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  /** Passes it on, to its end, on a thread that writes for this thread's attempt. */
  Thread follow(InputStream errors) {
    var thread = new Thread(() -> copy(errors), "program-errors");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void copy(InputStream errors) {
    byte[] buffer = new byte[8_192];
    try (errors) {
      for (int count = errors.read(buffer); count >= 0; count = errors.read(buffer)) {
        System.err.write(buffer, 0, count);
        keep(buffer, count);
      }
    } catch (IOException e) {
      // the program was killed
    }
  }

  private synchronized void keep(byte[] bytes, int count) {
    kept.write(bytes, 0, count);
    if (kept.size() > 2 * KEPT) {
      byte[] all = kept.toByteArray();
      kept.reset();
      kept.write(all, all.length - KEPT, KEPT);
    }
  }

  synchronized String text() {
    String all = kept.toString(StandardCharsets.UTF_8);
    return all.length() <= KEPT ? all : all.substring(all.length() - KEPT);
  }
}
