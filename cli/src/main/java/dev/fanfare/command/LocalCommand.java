package dev.fanfare.command;

import dev.fanfare.output.Printer;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that needs no platform, or is one. */
abstract class LocalCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Override
  public final Integer call() {
    return run().number();
  }

  abstract ExitCode run();

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
