package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "describe",
    description = {
      "Tells everything about a function.",
      "Its parameters, limits and revisions, how fast it is served and by whom, its recent calls,"
          + " and why it cannot run."
    })
final class DescribeCommand extends ClientCommand {
  @Parameters(paramLabel = "FUNCTION", description = "The function's name.")
  String function;

  @Override
  ExitCode run(Remote remote) {
    JsonNode described = remote.get("/v1/functions/" + Remote.escape(function));
    printer()
        .one(
            described,
            () ->
                new FunctionSheet(shell().out(), shell().style(Stream.OUT), remote.endpoint().url())
                    .print(described));
    return ExitCode.OK;
  }
}
