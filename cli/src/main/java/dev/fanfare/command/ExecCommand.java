package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.client.ExecOptions;
import dev.fanfare.client.FanfareException;
import dev.fanfare.client.RemoteWorker;
import dev.fanfare.function.ChannelException;
import dev.fanfare.protocol.Builtins;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.Labels;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "exec",
    description = {
      "Runs a command on a worker that was started with --allow-exec.",
      "Its streams, its exit code and Ctrl-C are as if it ran here; no shell reads its words:",
      "  fanfare exec --on big-machine -- nvidia-smi",
      "  tar c . | fanfare exec --on big-machine -- tar xC /data",
      "  fanfare exec -t --on big-machine -- bash -l",
      "  fanfare exec --all -- df -h /"
    },
    customSynopsis = "fanfare exec [OPTIONS] [--] COMMAND [ARGUMENT]...")
final class ExecCommand implements Callable<Integer> {
  private static final String ADVICE =
      "a worker runs commands when it is started so: fanfare worker --allow-exec …, or fanfare up"
          + " --allow-exec";

  @Spec CommandSpec spec;
  @Mixin WorkerChoice where = new WorkerChoice();

  @Option(
      names = "--all",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "On every such worker; each line says whose it is. Input is empty.")
  boolean all;

  @Option(
      names = {"-t", "--tty"},
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Give it a terminal of this one's size.")
  boolean terminal;

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME=VALUE",
      description = "A variable of its environment; may be repeated.")
  Map<String, String> environment = new TreeMap<>();

  @Option(
      names = "--dir",
      paramLabel = "FOLDER",
      description = "Where it starts (default: home of the worker's user).")
  Optional<String> folder = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Kill it after TIME (default: 24h).")
  Optional<String> timeout = Optional.empty();

  @Parameters(
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "The program and its arguments.")
  List<String> words = List.of();

  @Override
  public Integer call() {
    if (all && terminal) {
      throw CommandException.usage("--all and -t do not go together");
    }
    try (Remote remote = Fanfare.of(spec).remote();
        var platform = Fanfare.of(spec).client()) {
      String[] command = words.toArray(String[]::new);
      if (all) {
        return onAll(remote, platform, command);
      }
      RemoteWorker worker = platform.workerWith(where.constraints().toArray(String[]::new));
      return new Terminalised(Fanfare.of(spec).shell(), terminal).run(worker, options(), command);
    } catch (FanfareException | ChannelException e) {
      throw refused(e);
    }
  }

  private int onAll(Remote remote, dev.fanfare.client.Fanfare platform, String[] command) {
    List<Constraint> constraints = where.constraints().stream().map(Constraint::parse).toList();
    var names = new ArrayList<String>();
    for (JsonNode worker : remote.get("/v1/workers").path("workers")) {
      Labels labels = labels(worker);
      String name = worker.path("id").asText();
      if (constraints.stream().allMatch(constraint -> constraint.metBy(labels))) {
        if ("true".equals(labels.values().get(Builtins.ALLOW_EXEC))) {
          names.add(name);
        } else {
          Fanfare.of(spec).shell().say(name + ": refused: it was started without --allow-exec");
        }
      }
    }
    if (names.isEmpty()) {
      throw CommandException.platform("there is no such worker that runs commands").advise(ADVICE);
    }
    return new EveryWorker(Fanfare.of(spec).shell()).run(platform, names, options(), command);
  }

  private static Labels labels(JsonNode worker) {
    var labels = new TreeMap<String, String>();
    worker
        .path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return new Labels(labels);
  }

  private ExecOptions options() {
    ExecOptions options = new ExecOptions(environment, folder.orElse(null), null, null);
    return timeout.isEmpty()
        ? options
        : options.withTimeout(InvokeCommand.duration("--timeout", timeout.get()));
  }

  private static CommandException refused(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    CommandException refusal = CommandException.platform(message).causedBy(e);
    return message.contains(Builtins.ALLOW_EXEC) ? refusal.advise(ADVICE) : refusal;
  }

  /** Tells how a command ended where its exit code alone does not. */
  static void tell(dev.fanfare.terminal.Shell shell, String words) {
    if (!words.isEmpty()) {
      shell.say(words.startsWith("SIG") ? "the command was ended by " + words : words);
    }
  }

  /** What to end with when the user stopped it. */
  static int interrupted() {
    return ExitCode.INTERRUPTED.number();
  }
}
