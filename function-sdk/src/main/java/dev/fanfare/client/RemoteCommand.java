package dev.fanfare.client;

import dev.fanfare.console.Block;
import dev.fanfare.function.ChannelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs on a worker. Its output waits here, up to a mebibyte of each stream, and then
 * the command waits: read both, as with a {@link Process}. Closing it kills the command with all
 * that it started. Thread-safe.
 */
public final class RemoteCommand implements AutoCloseable {
  private final OpenChannel<byte[], byte[]> channel;
  private final BlockStream out = new BlockStream();
  private final BlockStream err = new BlockStream();
  private final CompletableFuture<Exit> exit = new CompletableFuture<>();

  /**
   * How a command ended.
   *
   * @param code its exit code; 128 and its number for a signal
   * @param words the signal's name, for example {@code SIGKILL}, or why the command could not be
   *     started; else empty
   */
  public record Exit(int code, String words) {}

  RemoteCommand(OpenChannel<byte[], byte[]> channel) {
    this.channel = channel;
    channel.onMessage(this::take, this::ended);
  }

  private void take(byte[] item) {
    switch (kind(item)) {
      case OUTPUT -> out.add(item, 1);
      case ERRORS -> err.add(item, 1);
      case OTHER -> {
        if (Block.read(item) instanceof Block.Exited exited) {
          out.end();
          err.end();
          exit.complete(new Exit(exited.code(), exited.words()));
        }
      }
    }
  }

  private enum Kind {
    OUTPUT,
    ERRORS,
    OTHER
  }

  private static Kind kind(byte[] item) {
    byte first = item.length == 0 ? -1 : item[0];
    return first == Block.OUTPUT ? Kind.OUTPUT : first == Block.ERRORS ? Kind.ERRORS : Kind.OTHER;
  }

  private void ended(@Nullable Throwable failure) {
    exit.completeExceptionally(
        failure != null ? failure : new IllegalStateException("the command was closed"));
    out.end();
    err.end();
  }

  /**
   * The command's standard input; closing it is the end of input. What a command does not read
   * makes the writer wait.
   */
  public OutputStream in() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        for (int done = 0; done < length; done += Block.MOST_BYTES) {
          int some = Math.min(Block.MOST_BYTES, length - done);
          say(new Block.Input(Arrays.copyOfRange(from, offset + done, offset + done + some)));
        }
      }

      @Override
      public void close() {
        sayIfItRuns(new Block.EndOfInput());
      }
    };
  }

  /** The command's standard output; with a terminal, all that it shows. */
  public InputStream out() {
    return out;
  }

  /** The command's standard error. */
  public InputStream err() {
    return err;
  }

  /** Sends a signal, for example {@code INT}; one that has ended does not hear it. */
  public void signal(String name) {
    sayIfItRuns(new Block.Signalled(name));
  }

  /** Tells the command the new size of its terminal. */
  public void resize(int columns, int rows) {
    sayIfItRuns(new Block.Resized(columns, rows));
  }

  /**
   * Waits for the command's end. What it wrote may still be to be read.
   *
   * @throws dev.fanfare.function.ChannelFailed if it was killed by its timeout, or its worker lost
   */
  public Exit await() {
    return Threads.get(exit);
  }

  @Override
  public void close() {
    out.end();
    err.end();
    if (exit.isDone()) {
      channel.close();
    } else {
      channel.cancel();
    }
  }

  private void say(Block block) throws IOException {
    try {
      channel.send(block.written());
    } catch (ChannelException e) {
      throw new IOException("the command has ended", e);
    }
  }

  private void sayIfItRuns(Block block) {
    try {
      say(block);
    } catch (IOException e) {
      // nobody is there to hear it
    }
  }
}
