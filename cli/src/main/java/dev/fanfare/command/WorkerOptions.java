package dev.fanfare.command;

import dev.fanfare.container.ContainerSettings;
import dev.fanfare.container.Engine;
import dev.fanfare.container.RevisionImages;
import dev.fanfare.platform.Distribution;
import dev.fanfare.protocol.Durations;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.state.Declaration;
import dev.fanfare.state.StateSettings;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.worker.WorkerConfiguration;
import java.io.IOException;
import java.nio.file.Files;
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

  @Option(
      names = "--container-engine",
      paramLabel = "ENGINE",
      defaultValue = "auto",
      description =
          "Whose containers functions run in that demand one: ${COMPLETION-CANDIDATES} (default:"
              + " auto, Docker's if it answers, else Podman's).")
  Engine.Choice containerEngine;

  @Option(
      names = "--container-image",
      paramLabel = "IMAGE",
      description =
          "The image of all these containers, which the engine has and which has a Java 25:"
              + " 'fanfare image platform' makes one (default: one of each revision's own, built"
              + " when it is first needed).")
  Optional<String> containerImage = Optional.empty();

  @Option(
      names = "--container-network",
      paramLabel = "NETWORK",
      description = "The engine's network that these containers are on (default: none at all).")
  Optional<String> containerNetwork = Optional.empty();

  @Option(
      names = "--allow-exec",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Run commands on this machine for keys that may: see fanfare exec.")
  boolean allowExec;

  @Option(
      names = "--allow-sync",
      paramLabel = "FOLDER",
      description =
          "Let keys that may run commands write folders in this one, and nowhere else: see fanfare"
              + " sync.")
  Optional<Path> allowSync = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description =
          "What this machine is declared to have (fanfare-state.json); what is found of it is the"
              + " worker's state, which work can be pinned to.")
  Optional<Path> state = Optional.empty();

  @Option(
      names = "--state-every",
      paramLabel = "TIME",
      description = "How often the state is looked at (default: 5m).")
  Optional<String> stateEvery = Optional.empty();

  @Option(
      names = "--state-mismatch",
      paramLabel = "refuse|serve",
      description =
          "Whether a worker that has not all that is declared refuses pinned work (default), or"
              + " serves what is pinned to what it has.")
  Optional<String> stateMismatch = Optional.empty();

  @Option(
      names = "--idle-time",
      paramLabel = "TIME",
      description = "How long a function's process is kept without work (default: 5m).")
  Optional<String> idleTime = Optional.empty();

  @Option(
      names = "--blank-runtimes",
      paramLabel = "N",
      description =
          "How many processes are kept started for functions that have none yet (default: 1).")
  Optional<Integer> blankRuntimes = Optional.empty();

  /** What is configured, without images of revisions. */
  WorkerConfiguration configuration(WorkerId id, Path folder) {
    return configuration(id, folder, Optional.empty());
  }

  /**
   * What is configured.
   *
   * @param images what makes images of revisions, where something can
   */
  WorkerConfiguration configuration(WorkerId id, Path folder, Optional<RevisionImages> images) {
    Distribution distribution = Distribution.ofProcess();
    WorkerConfiguration configuration =
        WorkerConfiguration.of(id, folder, distribution.runtimeClasspath())
            .withAotCaches(distribution.caches())
            .withLabels(new Labels(new TreeMap<>(labels)))
            .withShared(allowShared)
            .withExec(allowExec);
    if (slots.isPresent()) {
      configuration = configuration.withSlots(checked(slots.get()));
    }
    if (allowSync.isPresent()) {
      configuration = configuration.withSync(folder(allowSync.get()));
    }
    if (state.isPresent()) {
      configuration = configuration.withState(declared(state.get()));
    }
    return withRuntimes(
        configuration.withContainers(
            new ContainerSettings(containerEngine, containerImage, images, containerNetwork)));
  }

  private WorkerConfiguration withRuntimes(WorkerConfiguration plain) {
    try {
      WorkerConfiguration configuration =
          plain.withRuntimes(blankRuntimes.orElse(plain.blankRuntimes()), plain.idleRuntimes());
      return idleTime.isEmpty()
          ? configuration
          : configuration.withIdleTime(Durations.parse(idleTime.get()));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private StateSettings declared(Path file) {
    String mismatch = stateMismatch.orElse("refuse");
    if (!mismatch.equals("refuse") && !mismatch.equals("serve")) {
      throw CommandException.usage("--state-mismatch is refuse or serve, not " + mismatch);
    }
    try {
      Declaration.read(file);
      return new StateSettings(
          file.toAbsolutePath(),
          stateEvery.map(Durations::parse).orElse(StateSettings.USUALLY),
          mismatch.equals("serve"));
    } catch (IOException e) {
      throw CommandException.usage("--state: " + file + " cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--state: " + e.getMessage());
    }
  }

  private static Path folder(Path path) {
    Path folder = path.toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      throw CommandException.usage("--allow-sync: there is no folder " + folder)
          .advise("make it first; it must belong to the user that the worker runs as");
    }
    return folder;
  }

  private static int checked(int slots) {
    if (slots < 1) {
      throw CommandException.usage("--slots is at least 1, not " + slots);
    }
    return slots;
  }
}
