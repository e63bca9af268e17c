package dev.fanfare.command;

import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "result",
    description = {
      "Prints the result of an invocation, once it has ended.",
      "The result goes to standard output, raw; a failure to standard error."
    })
final class ResultCommand extends ClientCommand {
  @Parameters(paramLabel = "INVOCATION", description = "The invocation's id.")
  String id;

  @Option(
      names = "--no-wait",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Only ask: tell where it stands unless it has ended.")
  boolean noWait;

  @Option(
      names = "--wait-for",
      paramLabel = "TIME",
      description = "Wait no longer than TIME, for example 30s.")
  Optional<String> waitFor = Optional.empty();

  @Option(names = "--out", paramLabel = "FILE", description = "Write the result to a file.")
  Optional<Path> out = Optional.empty();

  @Override
  ExitCode run(Remote remote) {
    var reader = new ResultReader(remote, fanfare(), id, out);
    Optional<Duration> limit = waitFor.map(text -> InvokeCommand.duration("--wait-for", text));
    return reader.await(id, noWait ? Optional.of(Duration.ZERO) : limit);
  }
}
