package dev.fanfare.command;

import static dev.fanfare.output.Figures.revision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "rollback",
    description = "Lets the revision that served before the live one serve again.")
final class RollbackCommand extends ClientCommand {
  @Parameters(paramLabel = "FUNCTION", description = "The function's name.")
  String function;

  @Override
  ExitCode run(Remote remote) {
    JsonNode rollback =
        remote.post("/v1/functions/" + Remote.escape(function) + "/rollback", Json.object());
    printer()
        .one(
            rollback,
            () ->
                shell()
                    .out()
                    .println(
                        function
                            + ": live moved from "
                            + revision(rollback.path("from"))
                            + " to "
                            + revision(rollback.path("to"))));
    return ExitCode.OK;
  }
}
