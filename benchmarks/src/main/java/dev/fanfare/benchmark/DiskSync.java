package dev.fanfare.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the disk itself takes: a small piece is appended to a file and synced, one by one. */
final class DiskSync {
  private static final int BYTES = 4_096;

  private DiskSync() {}

  static Figures run(Path folder, double seconds) throws IOException {
    Path path = Files.createTempFile(folder, "sync", "");
    try (var file = FileChannel.open(path, StandardOpenOption.APPEND)) {
      var times = new Times();
      long end = System.nanoTime() + (long) (seconds * 1e9);
      for (long now = System.nanoTime(); now < end; ) {
        file.write(ByteBuffer.allocate(BYTES));
        file.force(true);
        long after = System.nanoTime();
        times.took(after - now);
        now = after;
      }
      return times.figures(1);
    } finally {
      Files.delete(path);
    }
  }
}
