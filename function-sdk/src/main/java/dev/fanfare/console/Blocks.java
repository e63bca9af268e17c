package dev.fanfare.console;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command wrote, in the order in which it was written, and how it ended: blocks of a byte
 * for the kind, a length of four bytes, big-endian, and the content. Kind 1 is standard output, 2
 * standard error, 0 the end: an exit code of four bytes, then words.
 */
public final class Blocks {
  /** The media type of a command's answer. */
  public static final String TYPE = "application/vnd.fanfare.blocks";

  /** The most bytes of one block. */
  public static final int MOST_BYTES = 64 * 1024;

  private static final int EXIT = 0;
  private static final int OUTPUT = 1;
  private static final int ERRORS = 2;

  private Blocks() {}

  /**
   * How a command ended.
   *
   * @param code its exit code; 128 and its number for a signal
   * @param words the signal's name, for example {@code SIGKILL}, or why the command could not be
   *     started; else empty
   */
  public record Exit(int code, String words) {}

  /** Writes what a command wrote. */
  public static void write(OutputStream to, boolean errors, byte[] bytes, int length)
      throws IOException {
    var out = new DataOutputStream(to);
    out.writeByte(errors ? ERRORS : OUTPUT);
    out.writeInt(length);
    out.write(bytes, 0, length);
  }

  /** Writes how it ended; the last block. */
  public static void write(OutputStream to, Exit exit) throws IOException {
    var out = new DataOutputStream(to);
    byte[] words = exit.words().getBytes(StandardCharsets.UTF_8);
    out.writeByte(EXIT);
    out.writeInt(4 + words.length);
    out.writeInt(exit.code());
    out.write(words);
  }

  /**
   * Reads all blocks, gives away what was written, and returns how it ended.
   *
   * @throws EOFException if the end is missing
   */
  public static Exit read(InputStream from, OutputStream output, OutputStream errors)
      throws IOException {
    var in = new DataInputStream(from);
    while (true) {
      int kind = in.readUnsignedByte();
      int length = in.readInt();
      if (kind == EXIT) {
        int code = in.readInt();
        return new Exit(code, new String(in.readNBytes(length - 4), StandardCharsets.UTF_8));
      }
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException("a command's answer ends early");
      }
      (kind == ERRORS ? errors : output).write(bytes);
    }
  }
}
