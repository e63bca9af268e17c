package dev.fanfare.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Writes files as a tar stream (POSIX ustar). */
final class Tar implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int CHECKSUM = 148;

  private final OutputStream out;
  private long bytes;
  private int files;

  Tar(OutputStream out) {
    this.out = out;
  }

  /** A file with this text. */
  void text(String name, String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    header(name, content.length, false);
    out.write(content);
    pad(content.length);
  }

  /** A file with this file's content, executable if it is. */
  void file(String name, Path file) throws IOException {
    long size = Files.size(file);
    header(name, size, Files.isExecutable(file));
    Files.copy(file, out);
    pad(size);
    bytes += size;
    files++;
  }

  /** All files of a folder under this name; links are followed. */
  void folder(String name, Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      all = walk.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : all) {
      file(name + "/" + folder.relativize(file), file);
    }
  }

  /** How many bytes of files were written. */
  long bytes() {
    return bytes;
  }

  /** How many files were written. */
  int files() {
    return files;
  }

  /** Ends the stream. */
  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
  }

  private void header(String name, long size, boolean executable) throws IOException {
    byte[] block = new byte[BLOCK];
    if (name.length() > NAME) {
      throw new IOException("the name " + name + " is too long");
    }
    put(block, 0, name);
    put(block, 100, executable ? "0000755\0" : "0000644\0");
    put(block, 108, "0000000\0");
    put(block, 116, "0000000\0");
    put(block, 124, String.format("%011o\0", size));
    put(block, 136, "00000000000\0");
    put(block, CHECKSUM, "        ");
    put(block, 156, "0");
    put(block, 257, "ustar\000000");
    int sum = 0;
    for (byte one : block) {
      sum += one & 0xff;
    }
    put(block, CHECKSUM, String.format("%06o\0 ", sum));
    out.write(block);
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private void pad(long size) throws IOException {
    int over = (int) (size % BLOCK);
    if (over > 0) {
      out.write(new byte[BLOCK - over]);
    }
  }
}
