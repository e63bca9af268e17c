package dev.fanfare.command;

import dev.fanfare.client.ExecOptions;
import dev.fanfare.client.RemoteCommand;
import dev.fanfare.client.RemoteWorker;
import dev.fanfare.terminal.RawTerminal;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jline.utils.Signals;

/** A command on a worker, with this process's streams, signals and perhaps terminal. */
final class Terminalised {
  private static final int PIECE = 64 * 1024;

  private final Shell shell;
  private final boolean terminal;

  /**
   * @param terminal whether the command is to have one
   */
  Terminalised(Shell shell, boolean terminal) {
    this.shell = shell;
    this.terminal = terminal;
  }

  /** The command's exit code. */
  int run(RemoteWorker worker, ExecOptions options, String[] words) {
    if (!terminal) {
      return connected(worker.exec(options, words), false);
    }
    boolean mine = shell.interactive(Stream.IN) && shell.interactive(Stream.OUT);
    try (RawTerminal screen = RawTerminal.take(mine)) {
      String kind = shell.variable("TERM").orElse("xterm");
      ExecOptions all =
          (options.environment().containsKey("TERM") ? options : options.withVariable("TERM", kind))
              .withTerminal(screen.columns(), screen.rows());
      RemoteCommand command = worker.exec(all, words);
      Signals.register("WINCH", () -> resize(screen, command));
      return connected(command, true);
    }
  }

  private static void resize(RawTerminal screen, RemoteCommand command) {
    screen.look();
    command.resize(screen.columns(), screen.rows());
  }

  private int connected(RemoteCommand command, boolean raw) {
    try (command) {
      if (!raw) {
        passInterrupts(command);
      }
      start("fanfare-input", () -> feed(command));
      Thread out = start("fanfare-output", () -> copy(command.out(), shell.out()));
      Thread err = start("fanfare-errors", () -> copy(command.err(), shell.err()));
      RemoteCommand.Exit exit = command.await();
      out.join();
      err.join();
      ExecCommand.tell(shell, exit.words());
      return exit.code();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExecCommand.interrupted();
    }
  }

  /** The first Ctrl-C is the command's; the second ends this process, and so the command. */
  private static void passInterrupts(RemoteCommand command) {
    Signals.register(
        "INT",
        () -> {
          Signals.registerDefault("INT");
          command.signal("INT");
        });
  }

  private void feed(RemoteCommand command) {
    byte[] buffer = new byte[PIECE];
    InputStream from = shell.in();
    try (OutputStream in = command.in()) {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        in.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // the command takes no more
    }
  }

  private static void copy(InputStream from, OutputStream to) {
    byte[] buffer = new byte[PIECE];
    try {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        to.write(buffer, 0, count);
        to.flush();
      }
    } catch (IOException e) {
      // nobody reads it any more
    }
  }

  private static Thread start(String name, Runnable task) {
    return Thread.ofPlatform().daemon().name(name).start(task);
  }
}
