package dev.fanfare.command;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.context.ContextFile;
import dev.fanfare.gateway.GatewayConfiguration;
import dev.fanfare.image.Images;
import dev.fanfare.image.WorkersImages;
import dev.fanfare.platform.AdminKey;
import dev.fanfare.platform.Logging;
import dev.fanfare.platform.Phases;
import dev.fanfare.platform.Platform;
import dev.fanfare.platform.PlatformConfiguration;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.StopSignal;
import dev.fanfare.worker.WorkerConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    description = {
      "Runs a whole platform in this process: queue, gateway and one worker.",
      "The first time it makes an admin key and saves it for this command line (context 'local').",
      "Ctrl-C or SIGTERM lets running work finish, then stops."
    })
final class UpCommand extends LocalCommand {
  /** The context of the platform on this machine. */
  static final String CONTEXT = "local";

  @Mixin GatewayOptions gateway = new GatewayOptions();
  @Mixin WorkerOptions worker = new WorkerOptions();
  @Mixin KnownKeys keys = new KnownKeys();

  @Option(
      names = "--no-worker",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Start no worker in this process.")
  boolean noWorker;

  @Mixin DrainOption drain = new DrainOption();

  @Override
  ExitCode run() {
    Logging.to(shell().err(), fanfare().verbose());
    var ending = new Ending(shell(), drain.time());
    try (StopSignal stop = StopSignal.install()) {
      Phases phases = fanfare().verbose() ? Phases.toldTo(shell()::say) : Phases.untold();
      try (Platform platform = Platform.start(configuration(), phases)) {
        tellReady(platform);
        phases.done("ready");
        return ending.after(stop, platform);
      }
    }
  }

  private PlatformConfiguration configuration() {
    GatewayConfiguration front = gateway.configuration();
    Path data = gateway.data(shell());
    Optional<WorkerConfiguration> own =
        noWorker
            ? Optional.empty()
            : Optional.of(
                worker.configuration(
                    new WorkerId("local"),
                    data.resolve("worker"),
                    Optional.of(
                        new WorkersImages(Images.of(shell(), Optional.empty(), List.of())))));
    return new PlatformConfiguration(
            NodeConfiguration.alone(data).ledger(gateway.ledger(shell())), front, own)
        .withKeys(keys.read());
  }

  private void tellReady(Platform platform) {
    ContextFile file = ContextFile.in(shell().configurationFolder());
    AdminKey.Change change = AdminKey.save(platform.keys(), file, CONTEXT, platform.url());
    if (change != AdminKey.Change.NONE) {
      shell().say("made an admin key, saved in " + file.path() + " as context '" + CONTEXT + "'");
    }
    file.load()
        .current()
        .filter(name -> !name.equals(CONTEXT))
        .ifPresent(
            name ->
                shell()
                    .say(
                        "commands still talk to context '"
                            + name
                            + "'; change that with: fanfare context use "
                            + CONTEXT));
    shell().say("functions: fanfare deploy app.jar    more workers: fanfare workers --join");
    shell().out().println("ready " + platform.url());
  }
}
