package dev.fanfare.command;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.context.Context;
import dev.fanfare.context.ContextFile;
import dev.fanfare.context.Endpoint;
import dev.fanfare.demo.Demo;
import dev.fanfare.gateway.GatewayConfiguration;
import dev.fanfare.output.Figures;
import dev.fanfare.platform.AdminKey;
import dev.fanfare.platform.Distribution;
import dev.fanfare.platform.Logging;
import dev.fanfare.platform.Phases;
import dev.fanfare.platform.Platform;
import dev.fanfare.platform.PlatformConfiguration;
import dev.fanfare.platform.TemporaryFolder;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.StopSignal;
import dev.fanfare.worker.WorkerConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "Starts a platform, deploys examples, calls them and shows the figures.",
      "It listens on a free port and stays up for you to play with until Ctrl-C, as context 'demo'."
    })
final class DemoCommand extends LocalCommand {
  private static final String CONTEXT = "demo";
  private static final Duration DRAIN = Duration.ofSeconds(5);
  private static final int MOST_ITEMS = 1_000_000;

  @Option(
      names = "--exit",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "End when everything was shown.")
  boolean exit;

  @Option(
      names = "--items",
      paramLabel = "N",
      defaultValue = "20000",
      description = "How many items the function's burst has (default: 20000).")
  int items;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "The port to listen on (default: any free one).")
  int port;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "Where to keep the platform's data (default: a temporary folder, removed at the end).")
  Optional<Path> data = Optional.empty();

  @Mixin WorkerOptions worker = new WorkerOptions();

  @Override
  ExitCode run() {
    if (items < 1 || items > MOST_ITEMS) {
      throw CommandException.usage("--items is 1 to " + MOST_ITEMS + ", not " + items);
    }
    Path examples = examples();
    Logging.to(shell().err(), fanfare().verbose());
    if (data.isPresent()) {
      return show(data.get().toAbsolutePath(), examples);
    }
    try (TemporaryFolder folder = TemporaryFolder.create("fanfare-demo")) {
      return show(folder.path(), examples);
    }
  }

  private ExitCode show(Path folder, Path examples) {
    try (StopSignal stop = StopSignal.install()) {
      Phases phases = Phases.untold();
      try (Platform platform = Platform.start(configuration(folder), phases)) {
        shell()
            .out()
            .println(
                "A platform is up at "
                    + platform.url()
                    + " after "
                    + Figures.seconds(phases.seconds())
                    + ": queue, gateway and one worker.");
        shell().out().println("Its data is in " + folder + ".");
        String key = AdminKey.issue(platform.keys(), CONTEXT);
        Endpoint endpoint = new Endpoint(platform.url(), Optional.of(key), "the demo");
        try (Remote remote = Remote.of(endpoint)) {
          new Demo(shell(), remote).run(examples, items);
        }
        return exit ? ExitCode.OK : stay(platform, key, stop);
      }
    }
  }

  private ExitCode stay(Platform platform, String key, StopSignal stop) {
    ContextFile file = ContextFile.in(shell().configurationFolder());
    file.save(file.load().with(CONTEXT, new Context(platform.url(), Optional.of(key))));
    try {
      shell().out().println();
      shell().out().println("It stays up until Ctrl-C. Try, in another terminal:");
      for (String command :
          List.of(
              "list", "describe collatz", "invoke orders.product --code sencha", "invocations")) {
        shell().out().println("   fanfare --context " + CONTEXT + " " + command);
      }
      return new Ending(shell(), DRAIN).after(stop, platform);
    } finally {
      file.save(file.load().without(CONTEXT));
    }
  }

  private PlatformConfiguration configuration(Path folder) {
    WorkerConfiguration own = worker.configuration(new WorkerId("demo"), folder.resolve("worker"));
    return new PlatformConfiguration(
        NodeConfiguration.alone(folder),
        GatewayConfiguration.DEFAULT.at("127.0.0.1", port),
        Optional.of(own));
  }

  private static Path examples() {
    List<Path> jars = Distribution.ofProcess().examples();
    if (jars.isEmpty()) {
      throw CommandException.platform(
              "the distribution has no examples in " + Distribution.ofProcess().home())
          .advise("build it again: mvn package");
    }
    return jars.getFirst();
  }
}
