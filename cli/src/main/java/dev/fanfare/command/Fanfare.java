package dev.fanfare.command;

import dev.fanfare.context.Endpoint;
import dev.fanfare.output.OutputFormat;
import dev.fanfare.output.Printer;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.Shell;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code fanfare}: the flags that all commands share, and what they need of them. */
@Command(
    name = "fanfare",
    description = "Runs annotated Java functions on whatever machines you have.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      NodeCommand.class,
      WorkerCommand.class,
      DemoCommand.class,
      DeployCommand.class,
      InvokeCommand.class,
      MapCommand.class,
      RunCommand.class,
      ExecCommand.class,
      BroadcastCommand.class,
      SyncCommand.class,
      ResultCommand.class,
      LogsCommand.class,
      CancelCommand.class,
      ListCommand.class,
      DescribeCommand.class,
      InvocationsCommand.class,
      WorkersCommand.class,
      StateCommand.class,
      AliasCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      RollbackCommand.class,
      DlqCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      ImageCommand.class,
      SecretsCommand.class,
      BalanceCommand.class,
      DeleteCommand.class,
      ContextCommand.class,
      DoctorCommand.class,
      CompletionCommand.class,
      VersionCommand.class,
      TrainCommand.class,
      TrainRuntimeCommand.class,
      TrainClientCommand.class
    })
public final class Fanfare implements Callable<Integer> {
  private final Shell shell;

  @Spec CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      scope = ScopeType.INHERIT,
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "How data is written: ${COMPLETION-CANDIDATES} (default: table).")
  OutputFormat output = OutputFormat.TABLE;

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description = "The gateway, instead of a context's.")
  Optional<String> url = Optional.empty();

  @Option(
      names = "--key",
      scope = ScopeType.INHERIT,
      paramLabel = "KEY",
      description =
          "The API key, instead of a context's. Other users of this machine can see flags;"
              + " FANFARE_KEY they cannot.")
  Optional<String> key = Optional.empty();

  @Option(
      names = "--context",
      scope = ScopeType.INHERIT,
      paramLabel = "NAME",
      description = "The context to use instead of the current one.")
  Optional<String> context = Optional.empty();

  @Option(
      names = "--config",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "The configuration file (default: ~/.config/fanfare/config.json).")
  Optional<String> config = Optional.empty();

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Say more on standard error.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      scope = ScopeType.INHERIT,
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  public Fanfare(Shell shell) {
    this.shell = shell;
  }

  /** Without a command there is nothing to do. */
  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** The root of the command that a specification belongs to. */
  static Fanfare of(CommandSpec command) {
    return (Fanfare) command.root().userObject();
  }

  Shell shell() {
    return shell;
  }

  Printer printer() {
    return new Printer(shell, output);
  }

  /** Whether more is to be said, also asked by whatever reports trouble. */
  public boolean verbose() {
    return verbose;
  }

  Endpoint endpoint() {
    return Endpoint.choose(shell, url, key, context);
  }

  /** The platform as programs see it; to be closed. */
  dev.fanfare.client.Fanfare client() {
    Endpoint endpoint = endpoint();
    return dev.fanfare.client.Fanfare.connect(
        endpoint.gateways().stream().map(URI::create).toList(), endpoint.key().orElse(""));
  }

  Remote remote() {
    return Remote.of(endpoint());
  }
}
