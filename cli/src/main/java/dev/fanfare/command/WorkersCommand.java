package dev.fanfare.command;

import static dev.fanfare.output.Figures.age;
import static dev.fanfare.output.Figures.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.output.Figures;
import dev.fanfare.output.Table;
import dev.fanfare.protocol.Durations;
import dev.fanfare.protocol.StateLabels;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Stream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "workers",
    description = {
      "Lists the workers, or prints the command that adds one (--join).",
      "What one of them does at this moment: fanfare workers show NAME.",
      "Workers that listen are dialled: fanfare workers connect HOST:PORT."
    },
    subcommands = {
      WorkersCommand.Show.class,
      WorkerConnections.Connect.class,
      WorkerConnections.Disconnect.class,
      WorkerConnections.Show.class
    })
final class WorkersCommand extends ClientCommand {
  private static final Set<String> TOLD_ELSEWHERE = Set.of("worker");

  @Option(
      names = "--join",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Make a join token and print the command for the new worker's machine.")
  boolean join;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "How long the join token is good for (default: 1h).")
  String ttl;

  @Override
  ExitCode run(Remote remote) {
    if (join) {
      printJoin(remote);
    } else {
      printWorkers(remote);
    }
    return ExitCode.OK;
  }

  @Command(
      name = "show",
      description = {
        "Tells what a worker does at this moment: what runs on it, its processes, its load.",
        "The worker itself is asked, wherever it is connected."
      })
  static final class Show extends ClientCommand {
    @Parameters(paramLabel = "NAME", description = "The worker's name.")
    String name;

    @Override
    ExitCode run(Remote remote) {
      JsonNode worker = remote.get("/v1/workers/" + Remote.escape(name));
      printer()
          .one(
              worker,
              () -> new WorkerSheet(shell().out(), shell().style(Stream.OUT)).print(worker));
      return ExitCode.OK;
    }
  }

  private void printJoin(Remote remote) {
    ObjectNode token =
        (ObjectNode) remote.post("/v1/workers/join-tokens", Json.object().put("ttl", checkedTtl()));
    String command =
        "fanfare worker --gateway "
            + remote.endpoint().url()
            + " --token "
            + text(token.path("token"));
    token.put("command", command);
    printer().one(token, () -> shell().out().println(command));
    if (printer().forPeople()) {
      shell().say("run it on the new worker's machine; the token is good until " + until(token));
    }
  }

  private static String until(JsonNode token) {
    try {
      return Figures.day(Instant.parse(text(token.path("expiresAt"))));
    } catch (DateTimeParseException e) {
      return text(token.path("expiresAt"));
    }
  }

  private String checkedTtl() {
    try {
      return Durations.format(Durations.parse(ttl));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--ttl: " + e.getMessage());
    }
  }

  private void printWorkers(Remote remote) {
    JsonNode workers = remote.get("/v1/workers").path("workers");
    Instant now = Instant.now();
    Table table =
        new Table(
            "WORKER",
            "STATE",
            ">SLOTS",
            ">FREE",
            ">RUNNING",
            ">RUNTIMES",
            ">LOAD",
            "PEER",
            "CONNECTED",
            "LABELS");
    printer()
        .list(
            workers,
            table,
            worker ->
                table.row(
                    text(worker.path("id")),
                    worker.path("draining").asBoolean() ? "draining" : "ready",
                    text(worker.path("slots")),
                    text(worker.path("free")),
                    text(worker.path("running")),
                    runtimes(worker),
                    load(worker.path("load")),
                    text(worker.path("peer")),
                    age(worker.path("connectedAt"), now),
                    labels(worker.path("labels"))));
    if (printer().forPeople()) {
      remote.get(WorkerConnections.PATH).path("connections").forEach(this::tellTrouble);
    }
    if (workers.isEmpty() && printer().forPeople()) {
      shell().say("no worker is connected; next: fanfare workers --join");
    }
  }

  private void tellTrouble(JsonNode connection) {
    if (!Set.of("connected", "elsewhere").contains(connection.path("state").asText())) {
      shell().say(WorkerConnections.words(connection));
    }
  }

  private static String runtimes(JsonNode worker) {
    long blank = worker.path("blankRuntimes").asLong();
    return text(worker.path("runtimes")) + (blank > 0 ? "+" + blank : "");
  }

  private static String load(JsonNode load) {
    return load.isNumber()
        ? String.format(java.util.Locale.ROOT, "%.2f", load.doubleValue())
        : text(load);
  }

  static String labels(JsonNode labels) {
    var text = new StringJoiner(" ");
    text.setEmptyValue("-");
    labels
        .properties()
        .forEach(
            label -> {
              boolean found =
                  label.getKey().matches("(tool|package|environment|file)\\..*")
                      || label.getKey().equals(StateLabels.CHECKED);
              if (!found && !TOLD_ELSEWHERE.contains(label.getKey())) {
                text.add(label.getKey() + "=" + shown(label.getKey(), label.getValue().asText()));
              }
            });
    return text.toString();
  }

  private static String shown(String name, String value) {
    boolean bytes = name.equals("memory") && value.matches("\\d{1,18}");
    return bytes
        ? dev.fanfare.protocol.ByteSizes.format(Long.parseLong(value)).replace(" ", "")
        : value;
  }
}
