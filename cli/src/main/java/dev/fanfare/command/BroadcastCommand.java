package dev.fanfare.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.fanfare.client.Broadcast;
import dev.fanfare.client.CallOptions;
import dev.fanfare.client.CommandOutput;
import dev.fanfare.client.ExecOptions;
import dev.fanfare.client.FanfareException;
import dev.fanfare.client.Ran;
import dev.fanfare.client.WorkerChoice;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "broadcast",
    description = {
      "Runs something once on every worker that matches, and lists what came of it on each.",
      "  fanfare broadcast warm-up --label gpu=a100 -d '{\"model\": \"m1\"}'",
      "  fanfare broadcast --window 60s -- uname -r",
      "  fanfare broadcast --on a,b --source Check.java 10",
      "It ends with 0 only if there is a result of each."
    },
    customSynopsis = {
      "fanfare broadcast FUNCTION [OPTIONS]",
      "                 fanfare broadcast [OPTIONS] -- COMMAND [ARGUMENT]...",
      "                 fanfare broadcast [OPTIONS] --source FILE [ARGUMENT]..."
    })
final class BroadcastCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--on",
      split = ",",
      paramLabel = "WORKER",
      description = "The workers of these names (default: all).")
  List<String> names = List.of();

  @Option(
      names = "--label",
      paramLabel = "DEMAND",
      description = "Workers with this label, for example gpu=a100; may be repeated.")
  List<String> labels = List.of();

  @Option(
      names = {"-d", "--data"},
      paramLabel = "TEXT",
      description = "What the function is given, in JSON or as text; @FILE reads a file.")
  Optional<String> data = Optional.empty();

  @Option(
      names = "--source",
      paramLabel = "FILE",
      description = "Run this source file, as fanfare run does.")
  Optional<Path> source = Optional.empty();

  @Option(
      names = "--window",
      paramLabel = "TIME",
      description = "Also on workers that join within TIME.")
  Optional<String> window = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long each worker may take, waiting included (default: 5m).")
  Optional<String> timeout = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "ID",
      description = "Only where the worker is in this declared state; the others are listed.")
  Optional<String> state = Optional.empty();

  @Parameters(
      arity = "0..*",
      paramLabel = "FUNCTION",
      description = "The function, or the words of a command.")
  List<String> words = List.of();

  @Override
  public Integer call() {
    try (var platform = Fanfare.of(spec).client()) {
      Broadcast broadcast =
          platform
              .broadcast(choice())
              .withWindow(window.map(text -> duration("--window", text)).orElse(Duration.ZERO))
              .with(options());
      return run(platform, broadcast).number();
    } catch (FanfareException e) {
      throw OpenedRun.refused(e);
    }
  }

  private ExitCode run(dev.fanfare.client.Fanfare platform, Broadcast broadcast) {
    if (source.isPresent()) {
      var list = new AnswerList<Ran>(Fanfare.of(spec), BroadcastCommand::json);
      broadcast.run(fileName(), text(source.get()), words, list::came);
      return list.finish();
    }
    if (isCommand()) {
      var list = new AnswerList<CommandOutput>(Fanfare.of(spec), BroadcastCommand::json);
      broadcast.exec(ExecOptions.NONE, list::came, words.toArray(String[]::new));
      return list.finish();
    }
    if (words.size() != 1) {
      throw CommandException.usage(
          words.isEmpty()
              ? "name a function, a command behind --, or a --source"
              : "one function is named, not '"
                  + String.join(" ", words)
                  + "'; commands go behind --");
    }
    var list = new AnswerList<JsonNode>(Fanfare.of(spec), Function.identity());
    broadcast.call(platform.function(words.getFirst(), JsonNode.class), argument(), list::came);
    return list.finish();
  }

  private boolean isCommand() {
    return spec.commandLine().getParseResult().originalArgs().contains("--");
  }

  // ---- what the flags say ----

  private WorkerChoice choice() {
    try {
      labels.forEach(Constraint::parse);
      return new WorkerChoice(names, labels);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  private CallOptions options() {
    CallOptions options =
        timeout
            .map(text -> CallOptions.NONE.withDeadline(duration("--timeout", text)))
            .orElse(CallOptions.NONE);
    try {
      return state.map(options::withStateOrRefuse).orElse(options);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  private static Duration duration(String flag, String text) {
    return InvokeCommand.duration(flag, text);
  }

  private String fileName() {
    return source.orElseThrow().getFileName().toString();
  }

  private @Nullable JsonNode argument() {
    return data.map(BroadcastCommand::argument).orElse(null);
  }

  /** JSON where it is; a text that begins like JSON was meant to be. */
  static JsonNode argument(String given) {
    String text = given.startsWith("@") ? text(Path.of(given.substring(1))) : given;
    try {
      JsonNode json = Json.read(text);
      return json.isMissingNode() ? TextNode.valueOf(text) : json;
    } catch (JsonProcessingException e) {
      if (text.stripLeading().startsWith("{") || text.stripLeading().startsWith("[")) {
        throw CommandException.usage("-d is not JSON: " + e.getOriginalMessage()).causedBy(e);
      }
      return TextNode.valueOf(text);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw CommandException.usage("cannot read " + file + ": " + e.getMessage()).causedBy(e);
    }
  }

  // ---- what came of it ----

  private static JsonNode json(Ran ran) {
    return Json.object()
        .put("out", ran.out())
        .put("err", ran.err())
        .put("invocation", ran.invocation());
  }

  private static JsonNode json(CommandOutput output) {
    ObjectNode json = Json.object().put("exit", output.exit().code());
    return json.put("out", output.out()).put("err", output.err());
  }
}
