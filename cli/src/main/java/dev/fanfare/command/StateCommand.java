package dev.fanfare.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "state",
    description = {
      "Shows what workers were declared to have, and what they have.",
      "A worker started with --state FILE shows an id of what was found. Work can be pinned to it:",
      "  fanfare state show",
      "  fanfare state diff gpu-1 gpu-2",
      "  fanfare invoke train --state 5f1c0a9be3d2"
    },
    subcommands = {StateShow.class, StateDiff.class, StateCheck.class})
final class StateCommand implements java.util.concurrent.Callable<Integer> {
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "say what: show, diff or check");
  }
}
