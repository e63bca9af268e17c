package dev.fanfare.console;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One item of a command's channel: a byte for its kind, then what it says. To the worker go input,
 * its end, signals and sizes; from it come output, errors and the exit.
 */
public sealed interface Block {
  /** The most bytes of one block of a stream. */
  int MOST_BYTES = 64 * 1024;

  /** The first byte of output. */
  byte OUTPUT = 4;

  /** The first byte of errors. */
  byte ERRORS = 5;

  /** Bytes for the command's standard input. */
  record Input(byte[] bytes) implements Block {}

  /** The end of the command's standard input. */
  record EndOfInput() implements Block {}

  /** A signal for the command by its name, for example {@code INT}. */
  record Signalled(String name) implements Block {}

  /** The new size of the terminal. */
  record Resized(int columns, int rows) implements Block {}

  /** Bytes of the command's standard output. */
  record Output(byte[] bytes) implements Block {}

  /** Bytes of the command's standard error. */
  record Errors(byte[] bytes) implements Block {}

  /**
   * The command has ended; the last block.
   *
   * @param code its exit code; 128 and its number for a signal
   * @param words the signal's name, or why the command could not be started; else empty
   */
  record Exited(int code, String words) implements Block {}

  /** As an item of a channel. */
  default byte[] written() {
    return switch (kind()) {
      case 0 -> joined(((Input) this).bytes());
      case 4 -> joined(((Output) this).bytes());
      case 5 -> joined(((Errors) this).bytes());
      case 1 -> joined(new byte[0]);
      case 2 -> joined(((Signalled) this).name().getBytes(StandardCharsets.US_ASCII));
      case 3 -> {
        var size = (Resized) this;
        yield ByteBuffer.allocate(9).put(kind()).putInt(size.columns()).putInt(size.rows()).array();
      }
      default -> {
        var exited = (Exited) this;
        byte[] words = exited.words().getBytes(StandardCharsets.UTF_8);
        yield ByteBuffer.allocate(5 + words.length)
            .put(kind())
            .putInt(exited.code())
            .put(words)
            .array();
      }
    };
  }

  /** What an item says of a stream, with its kind before it, without a copy of its own. */
  static byte[] output(boolean errors, byte[] from, int length) {
    byte[] item = new byte[length + 1];
    item[0] = errors ? ERRORS : OUTPUT;
    System.arraycopy(from, 0, item, 1, length);
    return item;
  }

  /**
   * Reads an item.
   *
   * @throws IllegalArgumentException if it is no block
   */
  static Block read(byte[] item) {
    if (item.length == 0) {
      throw new IllegalArgumentException("an item of a command's channel is not empty");
    }
    return switch (item[0]) {
      case 0 -> new Input(rest(item, 1));
      case 1 -> new EndOfInput();
      case 2 -> new Signalled(new String(rest(item, 1), StandardCharsets.US_ASCII));
      case 3 -> new Resized(number(item, 1), number(item, 5));
      case 4 -> new Output(rest(item, 1));
      case 5 -> new Errors(rest(item, 1));
      case 6 -> new Exited(number(item, 1), new String(rest(item, 5), StandardCharsets.UTF_8));
      default -> throw new IllegalArgumentException("there is no block of kind " + item[0]);
    };
  }

  private byte kind() {
    if (this instanceof Input) {
      return 0;
    } else if (this instanceof EndOfInput) {
      return 1;
    } else if (this instanceof Signalled) {
      return 2;
    } else if (this instanceof Resized) {
      return 3;
    } else if (this instanceof Output) {
      return 4;
    }
    return (byte) (this instanceof Errors ? 5 : 6);
  }

  private byte[] joined(byte[] content) {
    return ByteBuffer.allocate(1 + content.length).put(kind()).put(content).array();
  }

  private static byte[] rest(byte[] item, int from) {
    return Arrays.copyOfRange(item, from, item.length);
  }

  private static int number(byte[] item, int at) {
    if (item.length < at + 4) {
      throw new IllegalArgumentException("a block ends early");
    }
    return ByteBuffer.wrap(item).getInt(at);
  }
}
