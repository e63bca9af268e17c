package dev.fanfare.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Nearest;
import dev.fanfare.terminal.Shell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Gives flags that the command line lacks their value: from an environment variable, else from the
 * configuration file.
 *
 * <p>{@code --port} of {@code up} is {@code FANFARE_UP_PORT} and {@code {"up": {"port": …}}}; a
 * flag of every command, such as {@code --output}, is {@code FANFARE_OUTPUT} and {@code {"output":
 * …}}.
 */
public final class Settings implements IDefaultValueProvider {
  private static final String PREFIX = "FANFARE";

  /** In how many letters a misspelt variable differs from the one that was meant. */
  private static final int MISSPELT = 2;

  private final Shell shell;
  private final Path file;
  private final JsonNode tree;

  private Settings(Shell shell, Path file, JsonNode tree) {
    this.shell = shell;
    this.file = file;
    this.tree = tree;
  }

  /**
   * Reads the file that {@code --config} or {@code FANFARE_CONFIG} names, else the user's own if
   * there is one.
   */
  public static Settings load(Shell shell, Optional<String> flag) {
    Optional<Path> named = flag.or(() -> shell.variable("FANFARE_CONFIG")).map(Path::of);
    Path file = named.orElseGet(() -> shell.configurationFolder().resolve("config.json"));
    return new Settings(shell, file, SettingsFile.read(file, named.isPresent()));
  }

  /**
   * Refuses keys of the file that no command and no flag has, with the near one; warns of
   * environment variables that look misspelt.
   */
  public void check(CommandSpec root) {
    check(root, tree, "");
    Set<String> variables = new TreeSet<>();
    collectVariables(root, variables);
    for (String name : shell.environment().keySet()) {
      if (name.startsWith(PREFIX + "_") && !variables.contains(name)) {
        Nearest.of(name, variables, MISSPELT)
            .ifPresent(
                near ->
                    shell.say("fanfare: " + name + " means nothing; did you mean " + near + "?"));
      }
    }
  }

  /** The environment variable of a flag. */
  public static String variable(OptionSpec option) {
    return path(option).stream()
        .map(word -> word.toUpperCase(Locale.ROOT).replace('-', '_'))
        .collect(Collectors.joining("_", PREFIX + "_", ""));
  }

  /** The key of a flag in the configuration file, with dots between its levels. */
  public static String key(OptionSpec option) {
    return String.join(".", path(option));
  }

  /** The value outside the command line, or null when nothing sets it. */
  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || longName(option).isEmpty()) {
      return null;
    }
    return shell.variable(variable(option)).or(() -> inFile(option)).orElse(null);
  }

  private Optional<String> inFile(OptionSpec option) {
    JsonNode node = tree;
    List<String> path = path(option);
    for (String word : path) {
      node = node.path(word);
    }
    String key = key(option);
    if (node.isMissingNode() || node.isNull() || node.isObject()) {
      return Optional.empty();
    }
    if (node.isArray()) {
      if (!option.isMultiValue() || option.splitRegex().isEmpty()) {
        throw CommandException.usage(file + ": " + key + " takes one value, not a list");
      }
      return Optional.of(
          StreamSupport.stream(node.spliterator(), false)
              .map(JsonNode::asText)
              .collect(Collectors.joining(",")));
    }
    return Optional.of(node.asText());
  }

  private void check(CommandSpec command, JsonNode node, String prefix) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String key = entry.getKey();
      CommandLine section = command.subcommands().get(key);
      if (section != null && entry.getValue().isObject()) {
        check(section.getCommandSpec(), entry.getValue(), prefix + key + ".");
      } else if (!ownFlags(command).contains(key)) {
        throw unknown(command, prefix, key);
      } else if (entry.getValue().isObject()) {
        throw CommandException.usage(
            file + ": " + prefix + key + " is a flag's value, not an object");
      }
    }
  }

  private CommandException unknown(CommandSpec command, String prefix, String key) {
    var known = new TreeSet<>(ownFlags(command));
    known.addAll(command.subcommands().keySet());
    return CommandException.usage(
        file + ": unknown key '" + prefix + key + "'" + Nearest.suggestion(key, known));
  }

  private static void collectVariables(CommandSpec command, Set<String> variables) {
    command.options().stream()
        .filter(option -> longName(option).isPresent())
        .map(Settings::variable)
        .forEach(variables::add);
    command
        .subcommands()
        .values()
        .forEach(subcommand -> collectVariables(subcommand.getCommandSpec(), variables));
  }

  private static Set<String> ownFlags(CommandSpec command) {
    var names = new TreeSet<String>();
    for (OptionSpec option : command.options()) {
      boolean settable = !option.inherited() && !option.usageHelp() && !option.versionHelp();
      if (settable) {
        longName(option).ifPresent(names::add);
      }
    }
    return names;
  }

  private static List<String> path(OptionSpec option) {
    List<String> path = new ArrayList<>();
    // An inherited flag belongs to the command that declares it.
    CommandSpec command = option.inherited() ? option.root().command() : option.command();
    while (command != null && command.parent() != null) {
      path.addFirst(command.name());
      command = command.parent();
    }
    longName(option).ifPresent(path::add);
    return path;
  }

  private static Optional<String> longName(OptionSpec option) {
    for (String name : option.names()) {
      if (name.startsWith("--")) {
        return Optional.of(name.substring(2));
      }
    }
    return Optional.empty();
  }
}
