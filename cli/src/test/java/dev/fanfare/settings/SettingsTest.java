package dev.fanfare.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.terminal.CapturedShell;
import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

class SettingsTest {
  @TempDir Path home;

  private CapturedShell shell;

  @Command(name = "tool", subcommands = Serve.class)
  static final class Tool implements Runnable {
    @Option(
        names = {"-o", "--output"},
        scope = ScopeType.INHERIT,
        defaultValue = "table")
    String output;

    @Option(
        names = {"-v", "--verbose"},
        scope = ScopeType.INHERIT,
        arity = "0..1",
        fallbackValue = "true")
    boolean verbose;

    @Override
    public void run() {}
  }

  /** Options that several commands share. */
  static final class Shared {
    @Option(names = "--member-port", defaultValue = "5701")
    int memberPort;
  }

  @Command(name = "serve")
  static final class Serve implements Runnable {
    @Option(names = "--port", defaultValue = "8080")
    int port;

    @Option(names = "--join", split = ",")
    List<String> join = List.of();

    @Mixin Shared shared = new Shared();

    @Override
    public void run() {}
  }

  @BeforeEach
  void startShell() {
    shell = new CapturedShell(home);
  }

  @Test
  void withoutAnythingTheDefaultsHold() {
    Tool tool = parse("serve");

    assertThat(serve(tool).port).isEqualTo(8080);
    assertThat(tool.output).isEqualTo("table");
  }

  @Test
  void theFileGivesValuesByCommandAndFlag() throws IOException {
    write(
        "{\"output\": \"json\", \"serve\": {\"port\": 9, \"join\": [\"a\", \"b\"], \"member-port\":"
            + " 7}}");

    Tool tool = parse("serve");

    assertThat(tool.output).isEqualTo("json");
    assertThat(serve(tool).port).isEqualTo(9);
    assertThat(serve(tool).join).containsExactly("a", "b");
    assertThat(serve(tool).shared.memberPort).isEqualTo(7);
  }

  @Test
  void theEnvironmentWinsOverTheFileAndTheCommandLineOverBoth() throws IOException {
    write("{\"output\": \"json\", \"serve\": {\"port\": 9}}");
    shell.with("FANFARE_SERVE_PORT", "10").with("FANFARE_OUTPUT", "ndjson");

    assertThat(serve(parse("serve")).port).isEqualTo(10);
    assertThat(serve(parse("serve", "--port", "11")).port).isEqualTo(11);
    assertThat(parse("serve").output).isEqualTo("ndjson");
    assertThat(parse("serve", "-o", "table").output).isEqualTo("table");
  }

  @Test
  void aFlagThatTheEnvironmentSetsStaysSetWhenItIsGivenToo() {
    shell.with("FANFARE_VERBOSE", "true");

    assertThat(parse("serve").verbose).isTrue();
    assertThat(parse("serve", "-v").verbose).isTrue();
  }

  @Test
  void anUnknownKeyIsRefusedWithTheNearOne() throws IOException {
    write("{\"serve\": {\"prot\": 9}}");

    assertThatThrownBy(() -> parse("serve"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("unknown key 'serve.prot', did you mean 'port'?");
  }

  @Test
  void anUnknownCommandIsRefusedWithTheNearOne() throws IOException {
    write("{\"srve\": {\"port\": 9}}");

    assertThatThrownBy(() -> parse("serve"))
        .hasMessageContaining("unknown key 'srve', did you mean 'serve'?");
  }

  @Test
  void aListForAFlagWithOneValueIsRefused() throws IOException {
    write("{\"serve\": {\"port\": [1, 2]}}");

    assertThatThrownBy(() -> parse("serve")).hasMessageContaining("serve.port takes one value");
  }

  @Test
  void aFileThatIsNotJsonIsRefusedWithItsLine() throws IOException {
    write("{\n\"output\": }");

    assertThatThrownBy(() -> parse("serve")).hasMessageContaining("not valid JSON, line 2");
  }

  @Test
  void aFileAskedForByNameMustExist() {
    Path file = home.resolve("none.json");

    assertThatThrownBy(() -> Settings.load(shell.shell(), Optional.of(file.toString())))
        .hasMessage("there is no configuration file " + file);
  }

  @Test
  void aMisspeltVariableIsToldAndAStrangeOneIsNot() {
    shell.with("FANFARE_SERVE_PROT", "1").with("FANFARE_SOMETHING_ELSE", "2");

    parse("serve");

    assertThat(shell.err().strip())
        .isEqualTo("fanfare: FANFARE_SERVE_PROT means nothing; did you mean FANFARE_SERVE_PORT?");
  }

  @Test
  void commentsAreAllowed() throws IOException {
    write("// mine\n{\"output\": \"json\"}");

    assertThat(parse("serve").output).isEqualTo("json");
  }

  private void write(String json) throws IOException {
    Path folder = Files.createDirectories(home.resolve(".config/fanfare"));
    Files.writeString(folder.resolve("config.json"), json);
  }

  private Tool parse(String... words) {
    var tool = new Tool();
    CommandLine line = new CommandLine(tool);
    Settings settings = Settings.load(shell.shell(), Optional.empty());
    settings.check(line.getCommandSpec());
    line.setDefaultValueProvider(settings);
    try {
      line.parseArgs(words);
    } catch (CommandLine.ParameterException e) {
      throw e.getCause() instanceof CommandException told ? told : e;
    }
    this.line = line;
    return tool;
  }

  private CommandLine line = new CommandLine(new Tool());

  private Serve serve(Tool tool) {
    assertThat(line.<Tool>getCommand()).isSameAs(tool);
    return line.getSubcommands().get("serve").getCommand();
  }
}
