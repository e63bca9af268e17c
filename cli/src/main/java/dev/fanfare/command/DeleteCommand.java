package dev.fanfare.command;

import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description =
        "Deletes functions with their aliases. What runs goes on; revisions stay until nothing"
            + " names them.")
final class DeleteCommand extends ClientCommand {
  @Parameters(
      paramLabel = "FUNCTION",
      arity = "1..*",
      description = {"Deletes functions with their aliases.", "What runs goes on."})
  List<String> functions;

  @Override
  ExitCode run(Remote remote) {
    for (String function : functions) {
      remote.delete("/v1/functions/" + Remote.escape(function));
      shell().say("deleted " + function);
    }
    return ExitCode.OK;
  }
}
