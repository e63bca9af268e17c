package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.client.Burst;
import dev.fanfare.client.BurstOptions;
import dev.fanfare.client.Ended;
import dev.fanfare.client.FanfareException;
import dev.fanfare.client.Interrupted;
import dev.fanfare.client.Refused;
import dev.fanfare.output.Figures;
import dev.fanfare.output.Progress;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "map",
    description = {
      "Runs a function for every item; prints a JSON line for each as it ends.",
      "  fanfare map longest-collatz --items 1..100000",
      "  fanfare map resize --items images.ndjson --ordered > resized.ndjson",
      "An item that fails fails alone; then the exit code is 1."
    })
final class MapCommand extends ClientCommand {
  @Parameters(
      paramLabel = "FUNCTION",
      description = "The function: its name, NAME:ALIAS or NAME@REVISION.")
  String function;

  @Option(
      names = "--items",
      required = true,
      paramLabel = "FILE|-|FROM..TO",
      description = "A JSON value a line from a file or standard input, or a range of numbers.")
  String items;

  @Option(
      names = "--ordered",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Print results in the order of their items.")
  boolean ordered;

  @Option(
      names = "--max-in-flight",
      paramLabel = "N",
      description = "How many items are on their way at most (default: 8192).")
  Optional<Integer> mostInFlight = Optional.empty();

  @Option(
      names = "--rerun-slow",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description =
          "Run the slow tail a second time on other workers; the first result counts. For functions"
              + " that may run twice.")
  boolean rerunSlow;

  @Option(
      names = "--timeline",
      paramLabel = "FILE.svg",
      description = "Then write a picture of when what happened.")
  Optional<Path> timeline = Optional.empty();

  @Override
  ExitCode run(Remote remote) {
    BurstOptions options = options();
    MapItems source = MapItems.of(items, shell().in());
    remote.get("/v1/functions/" + Remote.escape(reference().name().value()));
    try (var client =
            dev.fanfare.client.Fanfare.connect(
                remote.endpoint().gateways().stream().map(URI::create).toList(), key(remote));
        Burst<JsonNode> burst =
            client.function(function, JsonNode.class).map(source.items(), options)) {
      return map(remote, burst, source.total());
    } catch (Interrupted e) {
      throw CommandException.interrupted().causedBy(e);
    } catch (Refused e) {
      String why = String.valueOf(e.getMessage());
      throw (e.status() == 404 ? CommandException.notFound(why) : CommandException.platform(why))
          .causedBy(e);
    } catch (FanfareException e) {
      throw CommandException.platform(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private ExitCode map(Remote remote, Burst<JsonNode> burst, long total) {
    long began = System.nanoTime();
    var output = new MapOutput(shell(), fanfare().output);
    try (Progress progress = Progress.start(shell(), function, total);
        Stream<Ended<JsonNode>> results = ordered ? burst.ordered() : burst.asCompleted()) {
      output.write(results.iterator(), progress);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    tell(output, seconds);
    timeline.ifPresent(file -> draw(remote, burst.id(), file));
    return output.failed() == 0 ? ExitCode.OK : ExitCode.FUNCTION_FAILED;
  }

  private void tell(MapOutput output, double seconds) {
    long all = output.succeeded() + output.failed();
    String failed = output.failed() == 0 ? "" : ", " + counted(output.failed()) + " failed";
    Shell shell = shell();
    shell.say(
        counted(output.succeeded())
            + " of "
            + counted(all)
            + " items succeeded"
            + failed
            + ", in "
            + Figures.seconds(seconds)
            + " ("
            + counted(Math.round(all / Math.max(seconds, 1e-6)))
            + " items/s)");
  }

  private void draw(Remote remote, String burst, Path file) {
    HttpResponse<byte[]> picture =
        remote.send(remote.request("/v1/bursts/" + burst + "/timeline.svg").GET());
    if (picture.statusCode() != 200) {
      throw remote.refusal(Remote.problem(picture));
    }
    try {
      Files.write(file, picture.body());
    } catch (IOException e) {
      throw CommandException.usage("cannot write " + file + ": " + e.getMessage()).causedBy(e);
    }
  }

  private BurstOptions options() {
    try {
      BurstOptions options = BurstOptions.DEFAULT.withRerunSlow(rerunSlow);
      return mostInFlight.map(options::withMostInFlight).orElse(options);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--max-in-flight: " + e.getMessage());
    }
  }

  private FunctionReference reference() {
    try {
      return FunctionReference.parse(function);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("'" + function + "' names no function: " + e.getMessage());
    }
  }

  private static String key(Remote remote) {
    return remote
        .endpoint()
        .key()
        .orElseThrow(
            () ->
                CommandException.usage("there is no key for " + remote.endpoint())
                    .advise("give one with --key or FANFARE_KEY"));
  }

  private static String counted(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
