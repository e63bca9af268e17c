package dev.fanfare.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.context.Context;
import dev.fanfare.context.ContextFile;
import dev.fanfare.context.Contexts;
import dev.fanfare.context.Endpoint;
import dev.fanfare.output.Table;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "context",
    description = {"Keeps the platforms you work with, each with its URL and key."},
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ContextCommand.Show.class,
      ContextCommand.All.class,
      ContextCommand.Use.class,
      ContextCommand.Add.class,
      ContextCommand.Remove.class
    })
final class ContextCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: show, list, use, add or remove");
  }

  private static ContextFile file(Shell shell) {
    return ContextFile.in(shell.configurationFolder());
  }

  private static ObjectNode json(Contexts contexts, String name, Context context) {
    ObjectNode node = Json.object().put("name", name).put("url", context.url());
    context.key().ifPresent(key -> node.put("key", context.shownKey()));
    return node.put("current", contexts.current().filter(name::equals).isPresent());
  }

  @Command(name = "list", description = "Lists the contexts; * marks the current one.")
  static final class All extends LocalCommand {
    @Override
    ExitCode run() {
      Contexts contexts = file(shell()).load();
      ArrayNode items = Json.object().putArray("contexts");
      contexts.contexts().forEach((name, context) -> items.add(json(contexts, name, context)));
      Table table = new Table("", "CONTEXT", "URL", "KEY");
      printer()
          .list(
              items,
              table,
              one ->
                  table.row(
                      one.path("current").asBoolean() ? "*" : "",
                      one.path("name").asText(),
                      one.path("url").asText(),
                      one.path("key").asText("-")));
      if (items.isEmpty() && printer().forPeople()) {
        shell().say("no contexts yet; fanfare up makes one");
      }
      return ExitCode.OK;
    }
  }

  @Command(name = "show", description = "Shows which platform commands talk to, and why that one.")
  static final class Show extends LocalCommand {
    @Override
    ExitCode run() {
      Endpoint endpoint = fanfare().endpoint();
      String key = new Context(endpoint.url(), endpoint.key()).shownKey();
      ObjectNode node =
          Json.object().put("url", endpoint.url()).put("key", key).put("source", endpoint.source());
      printer()
          .one(
              node,
              () ->
                  shell()
                      .out()
                      .println(endpoint.url() + "  key " + key + "  (" + endpoint.source() + ")"));
      return ExitCode.OK;
    }
  }

  @Command(name = "use", description = "Makes a context the current one.")
  static final class Use extends LocalCommand {
    @Parameters(paramLabel = "NAME", description = "The context's name.")
    String name;

    @Override
    ExitCode run() {
      ContextFile file = file(shell());
      Contexts contexts = file.load();
      Context context = contexts.find(name).orElseThrow(() -> Endpoint.unknown(name, contexts));
      file.save(contexts.using(name));
      shell().say("commands now talk to " + context.url() + " (context '" + name + "')");
      return ExitCode.OK;
    }
  }

  @Command(
      name = "add",
      description = {
        "Adds a context, or changes it. It needs --url.",
        "The key comes from FANFARE_KEY, or else is asked for; --key works too, but others can see"
            + " it."
      })
  static final class Add extends LocalCommand {
    @Parameters(paramLabel = "NAME", description = "The context's name.")
    String name;

    @Override
    ExitCode run() {
      Context.checkName(name);
      String url =
          fanfare()
              .url
              .orElseThrow(
                  () ->
                      CommandException.usage("--url is missing: which gateway is '" + name + "'?"));
      String checked = Context.checkUrl(url);
      Optional<String> key =
          fanfare().key.or(() -> SecretPrompt.ask(shell(), "key for " + checked + ": "));
      ContextFile file = file(shell());
      Contexts contexts = file.load().with(name, new Context(checked, key));
      file.save(contexts);
      boolean current = contexts.current().filter(name::equals).isPresent();
      shell()
          .say(
              "saved context '"
                  + name
                  + "'"
                  + (current ? "" : "; next: fanfare context use " + name));
      return ExitCode.OK;
    }
  }

  @Command(name = "remove", description = "Forgets a context and its key.")
  static final class Remove extends LocalCommand {
    @Parameters(paramLabel = "NAME", description = "The context's name.")
    String name;

    @Override
    ExitCode run() {
      ContextFile file = file(shell());
      Contexts contexts = file.load();
      if (contexts.find(name).isEmpty()) {
        throw Endpoint.unknown(name, contexts);
      }
      file.save(contexts.without(name));
      shell().say("removed context '" + name + "'");
      return ExitCode.OK;
    }
  }
}
