package dev.fanfare.command;

import static dev.fanfare.output.Figures.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "cancel",
    description = {
      "Cancels invocations.",
      "A waiting one ends at once; a running one is interrupted, then killed."
    })
final class CancelCommand extends ClientCommand {
  @Parameters(paramLabel = "INVOCATION", arity = "1..*", description = "The invocations' ids.")
  List<String> ids;

  @Override
  ExitCode run(Remote remote) {
    for (String id : ids) {
      JsonNode cancelled = remote.delete("/invocations/" + Remote.escape(id));
      printer()
          .one(
              cancelled,
              () ->
                  shell()
                      .out()
                      .println(id + " " + text(cancelled.path("state")).toLowerCase(Locale.ROOT)));
    }
    return ExitCode.OK;
  }
}
