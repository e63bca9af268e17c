package dev.fanfare.command;

import dev.fanfare.terminal.ExitCode;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description = {
      "Prints a script that completes commands and flags with the Tab key.",
      "bash: source <(fanfare completion bash)",
      "zsh:  source <(fanfare completion zsh)"
    })
final class CompletionCommand extends LocalCommand {

  /** A shell with completion. */
  enum Target {
    BASH,
    ZSH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  Target target;

  @Override
  ExitCode run() {
    // zsh runs bash's scripts once told to; the script itself tells it.
    shell().out().print(AutoComplete.bash("fanfare", spec.root().commandLine()));
    return ExitCode.OK;
  }
}
