package dev.fanfare.cli;

import dev.fanfare.platform.Version;
import dev.fanfare.settings.Settings;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import dev.fanfare.terminal.Style;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.IParamLabelRenderer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * How help looks: commands in groups, a command's own options before everybody's, and where else
 * they may be set.
 */
final class Presentation {
  private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();
  private static final int WIDEST = 110;

  /** What matters most to somebody who asks for help comes first. */
  private static final List<String> ROOT_SECTIONS =
      List.of(
          UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
          UsageMessageSpec.SECTION_KEY_SYNOPSIS,
          UsageMessageSpec.SECTION_KEY_DESCRIPTION_HEADING,
          UsageMessageSpec.SECTION_KEY_DESCRIPTION,
          UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
          UsageMessageSpec.SECTION_KEY_OPTION_LIST,
          UsageMessageSpec.SECTION_KEY_FOOTER);

  /** Words behind the first that is no option are not this command's own. */
  private static final List<String> TAKES_COMMAND_LINES = List.of("run", "exec");

  static {
    GROUPS.put("Run a platform", List.of("up", "demo", "worker", "node", "balance"));
    GROUPS.put(
        "Deploy and call",
        List.of(
            "deploy",
            "invoke",
            "map",
            "run",
            "exec",
            "sync",
            "broadcast",
            "result",
            "logs",
            "cancel"));
    GROUPS.put("Look", List.of("list", "describe", "invocations", "workers", "state"));
    GROUPS.put("Manage", List.of("alias", "rollback", "pause", "resume", "dlq", "delete"));
    GROUPS.put("Keep and ship", List.of("backup", "restore", "image", "secrets"));
    GROUPS.put("This command", List.of("context", "doctor", "completion", "version"));
  }

  private Presentation() {}

  static void apply(CommandLine root, Shell shell) {
    boolean plain = shell.style(Stream.OUT) == Style.PLAIN;
    root.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(Help.defaultColorScheme(plain ? Ansi.OFF : Ansi.ON))
        .setUsageHelpWidth(Math.min(WIDEST, shell.width()))
        .setUsageHelpLongOptionsMaxWidth(28)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setAbbreviatedSubcommandsAllowed(false)
        .setPosixClusteredShortOptionsAllowed(true)
        .setOverwrittenOptionsAllowed(false);
    root.getSubcommands()
        .forEach((name, sub) -> sub.setStopAtPositional(TAKES_COMMAND_LINES.contains(name)));
    root.getCommandSpec().versionProvider(() -> new String[] {Version.NUMBER});
    each(root, Presentation::arrange);
    root.getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, Presentation::commandGroups);
    root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    root.setHelpSectionKeys(ROOT_SECTIONS);
  }

  private static void each(CommandLine line, Consumer<CommandLine> action) {
    action.accept(line);
    line.getSubcommands().values().forEach(sub -> each(sub, action));
  }

  private static void arrange(CommandLine line) {
    UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    usage
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .synopsisHeading("Usage: ")
        .descriptionHeading("%n");
    usage.parameterListHeading("%nArguments:%n").commandListHeading("%nCommands:%n");
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, help -> "");
    line.getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, Presentation::ownOptions);
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, Presentation::commands);
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, Presentation::footer);
  }

  private static String ownOptions(Help help) {
    return section("Options", visible(help, false), help);
  }

  private static List<OptionSpec> visible(Help help, boolean inherited) {
    return help.commandSpec().options().stream()
        .filter(option -> !option.hidden() && option.inherited() == inherited)
        .toList();
  }

  private static String section(String heading, List<OptionSpec> options, Help help) {
    if (options.isEmpty()) {
      return "";
    }
    Help.Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
    return String.format("%n%s:%n", heading)
        + help.optionListExcludingGroups(options, layout, null, new Labels(help));
  }

  /** Flags that need no value show none. */
  private record Labels(Help help) implements IParamLabelRenderer {
    @Override
    public Text renderParameterLabel(ArgSpec option, Ansi ansi, List<IStyle> styles) {
      return isFlag(option)
          ? ansi.text("")
          : help.parameterLabelRenderer().renderParameterLabel(option, ansi, styles);
    }

    @Override
    public String separator() {
      return help.parameterLabelRenderer().separator();
    }

    private static boolean isFlag(ArgSpec option) {
      return option.type() == boolean.class;
    }
  }

  private static String commands(Help help) {
    String list = help.commandList();
    return list.isEmpty() ? "" : list.stripTrailing() + System.lineSeparator();
  }

  private static String commandGroups(Help help) {
    var text = new StringBuilder();
    GROUPS.forEach(
        (group, names) -> {
          text.append(String.format("%n%s:%n", group));
          for (String name : names) {
            text.append(String.format("  %-12s %s%n", name, summary(help.subcommands().get(name))));
          }
        });
    return text.toString();
  }

  private static String summary(@Nullable Help command) {
    return command == null ? "" : command.commandSpec().usageMessage().description()[0];
  }

  private static String footer(Help help) {
    return section("Options of every command", visible(help, true), help) + elsewhere(help);
  }

  /** Where options may be set besides the command line, told by the example of one. */
  private static String elsewhere(Help help) {
    for (OptionSpec option : help.commandSpec().options()) {
      boolean settable = !option.inherited() && !option.usageHelp() && !option.versionHelp();
      if (settable) {
        return String.format(
            "%nOptions may come from the environment too (%s) or from the configuration file"
                + " (%s).%n",
            Settings.variable(option), Settings.key(option));
      }
    }
    return "";
  }
}
