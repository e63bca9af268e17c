package dev.fanfare.cli;

import dev.fanfare.command.Fanfare;
import dev.fanfare.settings.Settings;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import java.util.Optional;
import picocli.CommandLine;

/** The entry point of the command line. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] words) {
    Shell shell = Shell.ofProcess();
    int code = run(shell, words);
    shell.out().flush();
    shell.err().flush();
    System.exit(code);
  }

  /** Runs one command in a shell; see {@link ExitCode} for what it returns. */
  public static int run(Shell shell, String... words) {
    Fanfare fanfare = new Fanfare(shell);
    var trouble = new Trouble(shell, fanfare);
    CommandLine line = new CommandLine(fanfare);
    Presentation.apply(line, shell);
    line.setExecutionExceptionHandler(trouble);
    line.setParameterExceptionHandler(trouble);
    try {
      Settings settings = Settings.load(shell, configFlag(words));
      settings.check(line.getCommandSpec());
      line.setDefaultValueProvider(settings);
    } catch (CommandException e) {
      return trouble.tell(e).number();
    }
    return line.execute(words);
  }

  /** The configuration file must be known before the flags are read, since it gives them values. */
  private static Optional<String> configFlag(String[] words) {
    for (int i = 0; i < words.length && !words[i].equals("--"); i++) {
      if (words[i].startsWith("--config=")) {
        return Optional.of(words[i].substring("--config=".length()));
      }
      if (words[i].equals("--config") && i + 1 < words.length) {
        return Optional.of(words[i + 1]);
      }
    }
    return Optional.empty();
  }
}
