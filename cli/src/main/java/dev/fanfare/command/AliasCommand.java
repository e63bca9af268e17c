package dev.fanfare.command;

import static dev.fanfare.output.Figures.revision;
import static dev.fanfare.output.Figures.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.output.Table;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "alias",
    description = {"Shows and moves aliases: names of revisions, for FUNCTION:ALIAS."},
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AliasCommand.Show.class, AliasCommand.Move.class, AliasCommand.Remove.class})
final class AliasCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "a command is missing: list, set or remove");
  }

  private static String path(String function, String alias) {
    return "/v1/aliases/" + Remote.escape(function) + "/" + Remote.escape(alias);
  }

  @Command(name = "list", description = "Lists aliases.")
  static final class Show extends ClientCommand {
    @Parameters(paramLabel = "FUNCTION", arity = "0..1", description = "Only of this function.")
    Optional<String> function = Optional.empty();

    @Override
    ExitCode run(Remote remote) {
      String query = function.map(name -> "?function=" + Remote.escape(name)).orElse("");
      JsonNode aliases = remote.get("/v1/aliases" + query).path("aliases");
      Table table = new Table("FUNCTION", "ALIAS", "REVISION");
      printer()
          .list(
              aliases,
              table,
              one ->
                  table.row(
                      text(one.path("function")),
                      text(one.path("alias")),
                      revision(one.path("revision"))));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "set",
      description = "Lets an alias name a revision; makes the alias when it is new.")
  static final class Move extends ClientCommand {
    @Parameters(index = "0", paramLabel = "FUNCTION", description = "The function's name.")
    String function;

    @Parameters(
        index = "1",
        paramLabel = "ALIAS",
        description = "The alias; 'live' is what a bare name means.")
    String alias;

    @Parameters(
        index = "2",
        paramLabel = "REVISION",
        description = "At least 6 digits of the revision.")
    String revision;

    @Override
    ExitCode run(Remote remote) {
      JsonNode moved = remote.put(path(function, alias), Json.object().put("revision", revision));
      String now = moved.has("revision") ? revision(moved.path("revision")) : revision;
      printer().one(moved, () -> shell().out().println(function + ":" + alias + " is " + now));
      return ExitCode.OK;
    }
  }

  @Command(name = "remove", description = "Removes an alias; 'live' stays.")
  static final class Remove extends ClientCommand {
    @Parameters(index = "0", paramLabel = "FUNCTION", description = "The function's name.")
    String function;

    @Parameters(index = "1", paramLabel = "ALIAS", description = "The alias.")
    String alias;

    @Override
    ExitCode run(Remote remote) {
      remote.delete(path(function, alias));
      shell().say("removed " + function + ":" + alias);
      return ExitCode.OK;
    }
  }
}
