package dev.fanfare.command;

import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Stream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description = {"Deletes functions with their aliases.", "What runs goes on."})
final class DeleteCommand extends ClientCommand {
  @Parameters(paramLabel = "FUNCTION", arity = "1..*", description = "The functions' names.")
  List<String> functions;

  @Option(
      names = {"-y", "--yes"},
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Do not ask.")
  boolean yes;

  @Override
  ExitCode run(Remote remote) {
    boolean asks = !yes && shell().interactive(Stream.IN);
    if (asks && !confirmed(remote)) {
      shell().say("nothing was deleted");
      return ExitCode.OK;
    }
    for (String function : functions) {
      remote.delete("/v1/functions/" + Remote.escape(function));
      shell().say("deleted " + function);
    }
    return ExitCode.OK;
  }

  private boolean confirmed(Remote remote) {
    functions.forEach(function -> remote.get("/v1/functions/" + Remote.escape(function)));
    shell()
        .err()
        .print(
            "delete "
                + String.join(", ", functions)
                + " at "
                + remote.endpoint().url()
                + "? [y/N] ");
    shell().err().flush();
    try {
      var keyboard =
          new BufferedReader(new InputStreamReader(shell().in(), StandardCharsets.UTF_8));
      String answer = keyboard.readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    } catch (IOException e) {
      throw CommandException.usage("cannot read the answer: " + e.getMessage()).causedBy(e);
    }
  }
}
