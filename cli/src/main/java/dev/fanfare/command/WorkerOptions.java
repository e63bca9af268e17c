package dev.fanfare.command;

import dev.fanfare.platform.Distribution;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.worker.WorkerConfiguration;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** How a worker runs functions. */
final class WorkerOptions {
  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "How many runtimes run at once (default: one for each processor).")
  Optional<Integer> slots = Optional.empty();

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      split = ",",
      splitSynopsisLabel = ",",
      description = "A property that functions can ask for; may be repeated.")
  Map<String, String> labels = new TreeMap<>();

  @Option(
      names = "--allow-shared",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description =
          "Run functions that ask for it inside the worker's own process: trusted code only.")
  boolean allowShared;

  WorkerConfiguration configuration(WorkerId id, Path folder) {
    Distribution distribution = Distribution.ofProcess();
    WorkerConfiguration configuration =
        WorkerConfiguration.of(id, folder, distribution.runtimeClasspath())
            .withAotCaches(distribution.caches())
            .withLabels(new Labels(new TreeMap<>(labels)))
            .withShared(allowShared);
    return slots.map(count -> configuration.withSlots(checked(count))).orElse(configuration);
  }

  private static int checked(int slots) {
    if (slots < 1) {
      throw CommandException.usage("--slots is at least 1, not " + slots);
    }
    return slots;
  }
}
