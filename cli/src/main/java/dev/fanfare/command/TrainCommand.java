package dev.fanfare.command;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.context.Endpoint;
import dev.fanfare.demo.Demo;
import dev.fanfare.gateway.GatewayConfiguration;
import dev.fanfare.platform.AdminKey;
import dev.fanfare.platform.Distribution;
import dev.fanfare.platform.Logging;
import dev.fanfare.platform.Phases;
import dev.fanfare.platform.Platform;
import dev.fanfare.platform.PlatformConfiguration;
import dev.fanfare.platform.TemporaryFolder;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import dev.fanfare.worker.WorkerConfiguration;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;

@Command(
    name = "train",
    hidden = true,
    description =
        "Uses a platform for a moment, so that an AOT cache can be made of what it loads.")
final class TrainCommand extends LocalCommand {
  private static final int CALLS = 500;

  @Override
  ExitCode run() {
    Logging.to(shell().err(), false);
    List<Path> examples = Distribution.ofProcess().examples();
    try (TemporaryFolder folder = TemporaryFolder.create("fanfare-train")) {
      WorkerConfiguration worker =
          new WorkerOptions().configuration(new WorkerId("train"), folder.path().resolve("worker"));
      var configuration =
          new PlatformConfiguration(
              NodeConfiguration.alone(folder.path()),
              GatewayConfiguration.DEFAULT.at("127.0.0.1", 0),
              Optional.of(worker));
      try (Platform platform = Platform.start(configuration, Phases.untold())) {
        String key = AdminKey.issue(platform.keys(), "train");
        try (Remote remote =
            Remote.of(new Endpoint(platform.url(), Optional.of(key), "training"))) {
          if (!examples.isEmpty()) {
            new Demo(mute(shell()), remote).run(examples.getFirst(), CALLS);
          }
        }
      }
    }
    return ExitCode.OK;
  }

  private static Shell mute(Shell shell) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Shell(shell.environment(), shell.home(), shell.in(), nowhere, nowhere, Set.of());
  }
}
