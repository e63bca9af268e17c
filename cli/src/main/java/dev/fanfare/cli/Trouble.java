package dev.fanfare.cli;

import dev.fanfare.command.Fanfare;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Nearest;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import dev.fanfare.terminal.Style;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells on standard error what went wrong and what to do, and chooses the exit code. */
final class Trouble implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final Shell shell;
  private final Fanfare fanfare;

  Trouble(Shell shell, Fanfare fanfare) {
    this.shell = shell;
    this.fanfare = fanfare;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    if (e instanceof ParameterException wrong) {
      return handleParseException(wrong, new String[0]);
    }
    return e instanceof CommandException told ? tell(told).number() : tellBug(e).number();
  }

  @Override
  public int handleParseException(ParameterException e, String[] words) {
    if (e.getCause() instanceof CommandException told) {
      return tell(told).number();
    }
    CommandLine line = e.getCommandLine();
    if (line.getCommandSpec().parent() == null
        && words.length == 0
        && !(e instanceof UnmatchedArgumentException)) {
      line.usage(line.getErr());
      return ExitCode.USAGE.number();
    }
    say(e instanceof UnmatchedArgumentException unmatched ? unknown(unmatched) : inOurWords(e));
    shell.say("see: " + line.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE.number();
  }

  ExitCode tell(CommandException e) {
    if (e.exitCode() != ExitCode.INTERRUPTED) {
      say(String.valueOf(e.getMessage()));
      e.advice().ifPresent(shell::say);
      if (fanfare.verbose() && e.getCause() != null) {
        e.getCause().printStackTrace(shell.err());
      }
    }
    return e.exitCode();
  }

  private ExitCode tellBug(Exception e) {
    say("this is a bug: " + e);
    e.printStackTrace(shell.err());
    return ExitCode.PLATFORM;
  }

  private void say(String message) {
    Style style = shell.style(Stream.ERR);
    shell.say(style.red("fanfare:") + " " + message);
  }

  private static String unknown(UnmatchedArgumentException e) {
    String word = e.getUnmatched().getFirst();
    CommandLine line = e.getCommandLine();
    boolean flag = word.startsWith("-");
    boolean takesCommand = !flag && !line.getSubcommands().isEmpty();
    List<String> known = new ArrayList<>();
    if (flag) {
      line.getCommandSpec().optionsMap().keySet().stream()
          .filter(name -> name.startsWith("--"))
          .forEach(known::add);
    } else {
      known.addAll(line.getSubcommands().keySet());
    }
    String kind = flag ? "option" : takesCommand ? "command" : "argument";
    String name = flag && word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
    return "unknown " + kind + " '" + name + "'" + Nearest.suggestion(name, known);
  }

  private static String inOurWords(ParameterException e) {
    ArgSpec argument = e.getArgSpec();
    if (argument != null && e.getValue() != null && argument.completionCandidates() != null) {
      String name =
          argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
      String choices = String.join(", ", argument.completionCandidates());
      return name + " is one of " + choices + ", not '" + e.getValue() + "'";
    }
    String message = String.valueOf(e.getMessage());
    return message.isEmpty()
        ? "the command line is wrong"
        : Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }
}
