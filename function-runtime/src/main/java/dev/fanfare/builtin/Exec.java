package dev.fanfare.builtin;

import dev.fanfare.console.Block;
import dev.fanfare.execution.Command;
import dev.fanfare.execution.CommandFailed;
import dev.fanfare.execution.RunningCommand;
import dev.fanfare.execution.Screen;
import dev.fanfare.execution.Signal;
import dev.fanfare.function.Channel;
import dev.fanfare.function.ChannelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code fanfare.exec}: runs a command of this machine, its streams through a channel as
 * {@linkplain Block blocks}. It is killed, with all that it started, when the invocation is stopped
 * or the channel ends.
 */
public final class Exec {
  private static final String HOME = System.getProperty("user.home");

  private Exec() {}

  /**
   * What is to be run.
   *
   * @param command the program and its arguments
   * @param environment variables beside the usual ones, or instead of them
   * @param folder where it starts; the home folder of the worker's user if it is absent
   * @param terminal the size of its terminal, if it is to have one
   */
  public record Request(
      List<String> command,
      @Nullable Map<String, String> environment,
      @Nullable String folder,
      @Nullable Size terminal) {}

  /** A terminal's size in characters. */
  public record Size(int columns, int rows) {}

  /** Runs the command to its end, which the last block tells of. */
  public static void exec(Request request, Channel<byte[], byte[]> channel)
      throws InterruptedException {
    try (RunningCommand command = RunningCommand.start(command(request))) {
      Thread out = copier(command.out(), channel, false);
      Thread err = copier(command.err(), channel, true);
      Thread.ofPlatform()
          .daemon()
          .name("command-input")
          .start(() -> new Input(command).take(channel));
      int code = command.await();
      out.join();
      err.join();
      channel.send(new Block.Exited(code, Signal.endedBy(code).orElse("")).written());
    } catch (CommandFailed e) {
      channel.send(new Block.Exited(e.code(), String.valueOf(e.getMessage())).written());
    }
  }

  private static Command command(Request request) {
    return new Command(
        request.command(),
        environment(request),
        Path.of(request.folder() == null ? HOME : request.folder()),
        Optional.ofNullable(request.terminal())
            .map(size -> new Screen(size.columns(), size.rows())));
  }

  private static Map<String, String> environment(Request request) {
    var all = new TreeMap<String, String>();
    all.put("PATH", Command.USUAL_PATH);
    all.put("HOME", HOME);
    all.put("USER", System.getProperty("user.name"));
    all.put("LANG", "C.UTF-8");
    if (request.environment() != null) {
      all.putAll(request.environment());
    }
    return all;
  }

  private static Thread copier(InputStream from, Channel<byte[], byte[]> to, boolean errors) {
    return Thread.ofPlatform()
        .daemon()
        .name(errors ? "command-errors" : "command-output")
        .start(() -> copy(from, to, errors));
  }

  private static void copy(InputStream from, Channel<byte[], byte[]> to, boolean errors) {
    byte[] buffer = new byte[Block.MOST_BYTES];
    try (from) {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        to.send(Block.output(errors, buffer, count));
      }
    } catch (IOException | ChannelException e) {
      // the command was killed, or its caller has gone and it will be
    }
  }
}
