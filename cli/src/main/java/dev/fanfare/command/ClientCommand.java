package dev.fanfare.command;

import dev.fanfare.output.Printer;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that talks to a platform. */
abstract class ClientCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Override
  public final Integer call() {
    try (Remote remote = fanfare().remote()) {
      return run(remote).number();
    }
  }

  abstract ExitCode run(Remote remote);

  Fanfare fanfare() {
    return Fanfare.of(spec);
  }

  Shell shell() {
    return fanfare().shell();
  }

  Printer printer() {
    return fanfare().printer();
  }
}
