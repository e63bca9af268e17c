package dev.fanfare.command;

import static dev.fanfare.output.Figures.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "dlq",
    description = {
      "Dead letters: accepted invocations that failed for good.",
      "Each is kept with its payload until it is redriven or purged."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DlqCommand.Show.class,
      DlqCommand.Listing.class,
      DlqCommand.Redrive.class,
      DlqCommand.Purge.class
    })
final class DlqCommand implements Callable<Integer> {
  private static final int PAGE = 1_000;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: list, show, redrive or purge");
  }

  private static String path(String id) {
    return "/v1/dead-letters/" + Remote.escape(id);
  }

  private static JsonNode page(Remote remote, Optional<String> function, String rest) {
    String only = function.map(name -> "&function=" + Remote.escape(name)).orElse("");
    return remote.get("/v1/dead-letters?" + rest + only).path("deadLetters");
  }

  @Command(name = "list", description = "Lists dead letters, the newest first.")
  static final class Listing extends ClientCommand {
    @Parameters(paramLabel = "FUNCTION", arity = "0..1", description = "Only of this function.")
    Optional<String> function = Optional.empty();

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "50",
        description = "At most this many, 1 to 1000 (default: 50).")
    int limit;

    @Override
    ExitCode run(Remote remote) {
      if (limit < 1 || limit > PAGE) {
        throw CommandException.usage("--limit is 1 to " + PAGE + ", not " + limit);
      }
      JsonNode letters = page(remote, function, "limit=" + limit);
      var rows = new InvocationTable();
      printer().list(letters, rows.table(), rows::add);
      if (letters.isEmpty() && printer().forPeople()) {
        shell().say("no dead letters");
      }
      return ExitCode.OK;
    }
  }

  @Command(name = "show", description = "Shows a dead letter: what it failed of, and its payload.")
  static final class Show extends ClientCommand {
    @Parameters(paramLabel = "INVOCATION", description = "The invocation's id.")
    String id;

    @Override
    ExitCode run(Remote remote) {
      JsonNode letter = remote.get(path(id));
      printer().one(letter, () -> shell().out().println(Json.pretty(letter)));
      return ExitCode.OK;
    }
  }

  /** Those that are named, or all, perhaps of one function. */
  abstract static class Several extends ClientCommand {
    @Parameters(paramLabel = "INVOCATION", arity = "0..*", description = "The invocations' ids.")
    List<String> ids = List.of();

    @Option(
        names = "--all",
        arity = "0..1",
        fallbackValue = "true",
        hideParamSyntax = true,
        description = "All dead letters.")
    boolean all;

    @Option(
        names = "--function",
        paramLabel = "NAME",
        description = "With --all, only those of this function.")
    Optional<String> function = Optional.empty();

    @Override
    ExitCode run(Remote remote) {
      if (ids.isEmpty() != all) {
        throw CommandException.usage("name invocations, or say --all");
      }
      for (String id : all ? everything(remote) : ids) {
        one(remote, id);
      }
      return ExitCode.OK;
    }

    abstract void one(Remote remote, String id);

    private List<String> everything(Remote remote) {
      var found = new ArrayList<String>();
      JsonNode page = page(remote, function, "limit=" + PAGE);
      while (!page.isEmpty()) {
        page.forEach(letter -> found.add(text(letter.path("id"))));
        page = page(remote, function, "limit=" + PAGE + "&before=" + found.getLast());
      }
      return found;
    }
  }

  @Command(
      name = "redrive",
      description = {
        "Submits dead letters anew, to the function as it is live now.",
        "Prints the new invocations' ids."
      })
  static final class Redrive extends Several {
    @Override
    void one(Remote remote, String id) {
      JsonNode anew = remote.post(path(id) + "/redrive", Json.object());
      printer().one(anew, () -> shell().out().println(text(anew.path("id"))));
    }
  }

  @Command(name = "purge", description = "Removes dead letters; their history stays.")
  static final class Purge extends Several {
    @Override
    void one(Remote remote, String id) {
      remote.delete(path(id));
      shell().say("purged " + id);
    }
  }
}
