package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.client.ExecOptions;
import dev.fanfare.client.Executed;
import dev.fanfare.client.FanfareException;
import dev.fanfare.protocol.Builtins;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.Labels;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import java.io.IOException;
import java.net.URI;
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
      "Its input is this command's, where that is a file or a pipe; what it wrote comes when it has"
          + " ended, with its exit code. No shell reads its words:",
      "  fanfare exec --on big-machine -- nvidia-smi",
      "  tar c . | fanfare exec --on big-machine -- tar xC /data",
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
      description = "On every such worker; each line says whose it is.")
  boolean all;

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
    try (Remote remote = Fanfare.of(spec).remote();
        var platform =
            dev.fanfare.client.Fanfare.connect(
                remote.endpoint().gateways().stream().map(URI::create).toList(),
                remote.endpoint().key().orElse(""))) {
      String[] command = words.toArray(String[]::new);
      if (all) {
        return new EveryWorker(shell()).run(platform, workers(remote), options(), command);
      }
      return write(
          platform.workerWith(where.constraints().toArray(String[]::new)).exec(options(), command));
    } catch (FanfareException e) {
      throw refused(e);
    }
  }

  private int write(Executed executed) {
    shell().out().writeBytes(executed.out());
    shell().out().flush();
    shell().err().writeBytes(executed.err());
    if (!executed.words().isEmpty()) {
      shell()
          .say(
              executed.words().startsWith("SIG")
                  ? "the command was ended by " + executed.words()
                  : executed.words());
    }
    return executed.code();
  }

  /** The names of those that run commands; the others are told of. */
  private List<String> workers(Remote remote) {
    List<Constraint> constraints = where.constraints().stream().map(Constraint::parse).toList();
    var names = new ArrayList<String>();
    for (JsonNode worker : remote.get("/v1/workers").path("workers")) {
      Labels labels = labels(worker);
      if (constraints.stream().allMatch(constraint -> constraint.metBy(labels))) {
        String name = worker.path("id").asText();
        if ("true".equals(labels.values().get(Builtins.ALLOW_EXEC))) {
          names.add(name);
        } else {
          shell().say(name + ": refused: it was started without --allow-exec");
        }
      }
    }
    if (names.isEmpty()) {
      throw CommandException.platform("there is no such worker that runs commands").advise(ADVICE);
    }
    return names;
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
    ExecOptions options = new ExecOptions(input(), environment, folder.orElse(null), null);
    return timeout.isEmpty()
        ? options
        : options.withTimeout(InvokeCommand.duration("--timeout", timeout.get()));
  }

  private byte[] input() {
    try {
      return shell().interactive(Stream.IN) ? new byte[0] : shell().in().readAllBytes();
    } catch (IOException e) {
      throw CommandException.usage("standard input cannot be read: " + e.getMessage()).causedBy(e);
    }
  }

  private static CommandException refused(FanfareException e) {
    String message = String.valueOf(e.getMessage());
    CommandException refusal = CommandException.platform(message).causedBy(e);
    return message.contains(Builtins.ALLOW_EXEC) ? refusal.advise(ADVICE) : refusal;
  }

  private Shell shell() {
    return Fanfare.of(spec).shell();
  }
}
