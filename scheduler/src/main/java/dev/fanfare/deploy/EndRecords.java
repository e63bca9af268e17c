package dev.fanfare.deploy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Looks at the end of a zip file (APPNOTE 4.3.16) before its table of contents is read into memory:
 * whether there is one, and how large it is.
 */
final class EndRecords {
  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int DIRECTORY_BYTES_AT = 12;
  private static final int LONGEST_COMMENT = 0xFFFF;
  private static final long IN_ZIP64_RECORD = 0xFFFF_FFFFL;

  private EndRecords() {}

  /** Refuses what is no zip file, is cut off, or has too large a table of contents. */
  static void check(Path jar, ScanLimits limits, Problems problems) throws IOException {
    try (var file = new RandomAccessFile(jar.toFile(), "r")) {
      long size = file.length();
      if (size == 0) {
        throw problems.fatal(
            ProblemCode.EMPTY_JAR, "the file is empty, 0 bytes: was it built completely?");
      }
      int tailBytes = (int) Math.min(size, END_BYTES + LONGEST_COMMENT);
      ByteBuffer tail = read(file, size - tailBytes, tailBytes);
      boolean found = false;
      for (int at = tail.limit() - END_BYTES; at >= 0; at--) {
        if (tail.getInt(at) == END) {
          found = true;
          long directory = Integer.toUnsignedLong(tail.getInt(at + DIRECTORY_BYTES_AT));
          refuseLargeDirectory(directory, size, limits, problems);
        }
      }
      if (!found) {
        boolean begun = size >= 4 && read(file, 0, 4).getInt(0) == LOCAL_HEADER;
        throw begun
            ? problems.fatal(
                ProblemCode.DAMAGED_JAR,
                "the jar is cut off: its %s bytes end without a table of contents; build or send it again"
                    .formatted(Problems.count(size)))
            : problems.fatal(
                ProblemCode.NOT_A_JAR,
                "the file is no jar: its %s bytes are no zip file; give the jar that your build makes"
                    .formatted(Problems.count(size)));
      }
    }
  }

  private static void refuseLargeDirectory(
      long directory, long size, ScanLimits limits, Problems problems) {
    boolean possible = directory <= size || directory == IN_ZIP64_RECORD;
    if (possible && directory > limits.directoryBytes()) {
      throw problems.fatal(
          ProblemCode.TOO_MANY_ENTRIES,
          "the jar's table of contents has more than %s bytes: leave out files that the functions do not need"
              .formatted(Problems.count(limits.directoryBytes())));
    }
  }

  private static ByteBuffer read(RandomAccessFile file, long offset, int length)
      throws IOException {
    byte[] bytes = new byte[length];
    file.seek(offset);
    file.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
