package dev.fanfare.builtin;

import dev.fanfare.console.Block;
import dev.fanfare.execution.RunningCommand;
import dev.fanfare.execution.Screen;
import dev.fanfare.execution.Signal;
import dev.fanfare.function.Channel;
import dev.fanfare.function.ChannelException;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** What a command's caller says to it. */
final class Input {
  private final RunningCommand command;
  private final OutputStream in;
  private boolean open = true;

  Input(RunningCommand command) {
    this.command = command;
    this.in = command.in();
  }

  /** Passes on what comes; when no more can, the caller is gone and the command is killed. */
  void take(Channel<byte[], byte[]> channel) {
    try {
      for (byte[] item = next(channel); item != null; item = next(channel)) {
        take(Block.read(item));
      }
    } catch (ChannelException | IllegalArgumentException e) {
      // its caller failed, or says what nobody understands
    }
    command.close();
  }

  private static byte @Nullable [] next(Channel<byte[], byte[]> channel) {
    return channel.receive();
  }

  private void take(Block block) {
    switch (block) {
      case Block.Input input -> write(input.bytes());
      case Block.EndOfInput end -> end();
      case Block.Signalled signal -> command.signal(Signal.of(signal.name()));
      case Block.Resized size -> command.resize(new Screen(size.columns(), size.rows()));
      case Block.Output _, Block.Errors _, Block.Exited _ ->
          throw new IllegalArgumentException("a caller says no such thing");
    }
  }

  /** A command that has closed its input does not hear the rest. */
  private void write(byte[] bytes) {
    if (open) {
      try {
        in.write(bytes);
        in.flush();
      } catch (IOException e) {
        open = false;
      }
    }
  }

  private void end() {
    open = false;
    try {
      in.close();
    } catch (IOException e) {
      // it has ended by itself
    }
  }
}
