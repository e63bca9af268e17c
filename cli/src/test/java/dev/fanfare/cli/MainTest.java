package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.command.Fanfare;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Usage, help, and what the program says of itself. */
@Timeout(60)
class MainTest extends CommandScene {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "invoke resize -d {} --file x",
        "invoke resize --priority 101 -d {}",
        "invoke resize --delay 1s -d {}",
        "invoke Resize! -d {}",
        "invocations --since yesterday",
        "invocations --limit 0",
        "list -o yaml",
        "deploy /nowhere/app.jar",
        "up --port 99999",
        "up --tls-key a.pem",
        "worker --gateway 127.0.0.1:8080",
        "worker",
        "frobnicate",
        "list --frobnicate",
        "alias"
      })
  void aWrongCommandLineExitsWith2AndSaysSoOnStandardError(String line) {
    assertThat(run(line.split(" "))).isEqualTo(2);

    assertThat(shell.out()).isEmpty();
    assertThat(shell.err()).startsWith("fanfare: ");
  }

  @Test
  void withoutACommandHelpGoesToStandardError() {
    assertThat(run()).isEqualTo(2);

    assertThat(shell.out()).isEmpty();
    assertThat(shell.err()).contains("Usage: fanfare").contains("Deploy and call");
  }

  @Test
  void everyCommandIsInAGroupOfTheHelp() {
    run("--help");

    assertThat(visibleCommands())
        .allSatisfy(name -> assertThat(shell.out()).contains("  " + name + " "));
  }

  @Test
  void anUnknownCommandAndAnUnknownFlagSuggestTheNearOne() {
    run("invok");
    run("list", "--outptu", "json");

    assertThat(shell.err())
        .contains("unknown command 'invok', did you mean 'invoke'?")
        .contains("unknown option '--outptu', did you mean '--output'?");
  }

  @Test
  void helpGoesToStandardOutputAndShowsTheEnvironmentVariable() {
    assertThat(run("up", "--help")).isZero();

    assertThat(shell.out()).contains("--insecure").contains("FANFARE_UP_HOST").contains("up.host");
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void completionIsAScriptThatKnowsTheCommands() {
    assertThat(run("completion", "bash")).isZero();

    assertThat(shell.out()).startsWith("#!/usr/bin/env bash").contains("invocations");
  }

  @Test
  void theVersionNamesTheProtocol() {
    assertThat(run("version")).isZero();
    assertThat(run("version", "-o", "json")).isZero();

    assertThat(shell.out()).contains("session protocol 1").contains("\"protocol\" : 1");
  }

  private List<String> visibleCommands() {
    return new CommandLine(new Fanfare(shell.shell()))
        .getSubcommands().values().stream()
            .map(CommandLine::getCommandSpec)
            .filter(command -> !command.usageMessage().hidden())
            .map(CommandSpec::name)
            .distinct()
            .toList();
  }
}
