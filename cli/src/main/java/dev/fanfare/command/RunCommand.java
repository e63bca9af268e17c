package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.fanfare.client.CallOptions;
import dev.fanfare.protocol.Durations;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "run",
    description = {
      "Runs one Java source file on a worker, as java FILE does here.",
      "What it writes comes as it is written; arguments go behind the file:",
      "  fanfare run Primes.java 1000",
      "  fanfare run --on big-machine Primes.java -- --limit 1000",
      "A main that takes a Channel is talked with, a line an item, both ways:",
      "  tail -f access.log | fanfare run Watch.java",
      "The worker compiles it once; the same source runs at once the next time."
    },
    customSynopsis = "fanfare run [OPTIONS] FILE [ARGUMENT]...")
final class RunCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin WorkerChoice where = new WorkerChoice();

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The source, for example Script.java.")
  Path source;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ARGUMENT",
      description = "What its main method is given.")
  List<String> arguments = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Stop it after TIME (default: 24h).")
  Optional<String> timeout = Optional.empty();

  @Override
  public Integer call() {
    try (Remote remote = Fanfare.of(spec).remote()) {
      JsonNode deployed = deploy(remote);
      String function = deployed.path("name").asText() + "@" + deployed.path("revision").asText();
      String file = source.getFileName().toString();
      return deployed.path("channel").asBoolean()
          ? new OpenedRun(remote, Fanfare.of(spec), file).run(function, arguments(), options())
          : new FollowedRun(remote, Fanfare.of(spec), file).follow(request(remote, function));
    }
  }

  private HttpRequest.Builder request(Remote remote, String function) {
    HttpRequest.Builder request =
        remote
            .request("/async-function/" + function)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.compact(arguments())));
    where.constraints().forEach(constraint -> request.header("X-Constraint", constraint));
    limit().ifPresent(limit -> request.header("X-Timeout", Durations.format(limit)));
    return request;
  }

  private CallOptions options() {
    CallOptions options =
        CallOptions.NONE.withConstraints(where.constraints().toArray(String[]::new));
    return limit().map(options::withTimeout).orElse(options);
  }

  private Optional<Duration> limit() {
    return timeout.map(text -> InvokeCommand.duration("--timeout", text));
  }

  /** The source's function. */
  private JsonNode deploy(Remote remote) {
    if (!Files.isRegularFile(source)) {
      throw CommandException.usage(
          Files.isDirectory(source)
              ? source + " is a folder, not a source file"
              : "there is no file " + source);
    }
    try {
      return remote
          .json(
              remote
                  .request("/v1/functions?file=" + Remote.escape(source.getFileName().toString()))
                  .header("Content-Type", "text/x-java-source")
                  .POST(BodyPublishers.ofFile(source)))
          .path("functions")
          .path(0);
    } catch (FileNotFoundException e) {
      throw CommandException.usage("cannot read " + source + ": " + e.getMessage()).causedBy(e);
    }
  }

  private ArrayNode arguments() {
    ArrayNode texts = Json.object().putArray("arguments");
    boolean separated = !arguments.isEmpty() && arguments.getFirst().equals("--");
    arguments.stream().skip(separated ? 1 : 0).forEach(texts::add);
    return texts;
  }
}
