package dev.fanfare.worker;

import dev.fanfare.builtin.Sync;
import dev.fanfare.container.ContainerSettings;
import dev.fanfare.container.Containers;
import dev.fanfare.function.Isolation;
import dev.fanfare.hosting.Blocking;
import dev.fanfare.hosting.StartedRuntime;
import dev.fanfare.process.BlankRuntimes;
import dev.fanfare.process.ProcessLauncher;
import dev.fanfare.protocol.Policy;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a worker's runtimes come from: processes that were started ahead, containers, class loaders
 * of this process. Only on the agent's context.
 */
final class RuntimeSupply {
  private static final Logger log = LoggerFactory.getLogger(RuntimeSupply.class);

  /** The AOT cache is made this long after the start, so that the start goes first. */
  private static final long CACHE_MILLIS = 3_000;

  private final Context context;
  private final boolean allowShared;
  private final Path blobs;
  private final ContainerSettings wanted;
  private final Path folder;
  private final int processors;
  private final ProcessLauncher launcher;
  private final BlankRuntimes blanks;
  private Optional<Containers> containers = Optional.empty();
  private boolean stopped;

  /**
   * Nothing is started yet.
   *
   * @param folder the worker's
   * @param busy whether there is no use for a blank runtime now
   * @throws IOException if the folder cannot be written
   */
  RuntimeSupply(
      WorkerConfiguration configuration,
      Context context,
      Path folder,
      Path blobs,
      BooleanSupplier busy)
      throws IOException {
    this.context = context;
    this.allowShared = configuration.allowShared();
    this.blobs = blobs;
    this.wanted = configuration.containers();
    this.folder = folder;
    this.processors = processors(configuration.slots());
    this.launcher =
        new ProcessLauncher(
            context,
            configuration.javaExecutable(),
            configuration.runtimeClasspath(),
            folder.resolve("runtimes"),
            configuration.aotCaches(),
            configuration
                .allowSync()
                .map(root -> Map.of(Sync.ROOT, root.toString()))
                .orElse(Map.of()));
    this.blanks =
        new BlankRuntimes(
            context.owner(),
            launcher,
            configuration.blankRuntimes(),
            Policy.DEFAULT_MEMORY_BYTES,
            busy);
  }

  /** What a container may use: its part of the machine. */
  private static int processors(int slots) {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / slots);
  }

  /** Finds out what there is, and starts blank runtimes; complete in any case. */
  Future<Void> open() {
    return launcher
        .open()
        .onFailure(
            failure -> log.error("no socket for runtimes can be opened; nothing can run", failure))
        .eventually(this::lookForContainers)
        .onComplete(
            looked -> {
              blanks.fill();
              if (!launcher.hasCache()) {
                context.owner().setTimer(CACHE_MILLIS, timer -> makeCache());
              }
            });
  }

  private Future<Optional<Containers>> lookForContainers() {
    return Blocking.call(context, () -> Containers.find(wanted, folder, processors))
        .onSuccess(found -> containers = found);
  }

  private void makeCache() {
    if (!stopped) {
      launcher
          .makeCache()
          .onSuccess(
              made -> {
                if (made && !stopped) {
                  blanks.renew();
                }
              });
    }
  }

  /** What functions can be kept apart by here. */
  Set<Isolation> isolation() {
    Set<Isolation> isolation = EnumSet.of(Isolation.PROCESS);
    if (allowShared) {
      isolation.add(Isolation.SHARED);
    }
    if (containers.isPresent()) {
      isolation.add(Isolation.CONTAINER);
    }
    return isolation;
  }

  /** A runtime for this function. */
  Future<StartedRuntime> start(FunctionRuntimes function) {
    Isolation level = function.policy().requirements().isolation();
    long memory = function.policy().memoryBytes();
    if (allowShared && level == Isolation.SHARED) {
      return Future.succeededFuture(new SharedRuntime(context));
    }
    if (level.compareTo(Isolation.PROCESS) <= 0 || containers.isEmpty()) {
      return blanks.take(memory);
    }
    Containers those = containers.get();
    return Blocking.call(context, () -> those.image(function.revision))
        .compose(image -> launcher.start(memory, those, image, blobs));
  }

  /** Those that were started ahead. */
  BlankRuntimes blanks() {
    return blanks;
  }

  /** Starts no more, and ends the blank ones. */
  void stop() {
    stopped = true;
    blanks.close();
  }

  /** Ends what is left; to be called once the runtimes that were started are killed. */
  Future<Void> close() {
    return launcher.close().eventually(this::removeContainers);
  }

  private Future<Boolean> removeContainers() {
    return containers.isEmpty()
        ? Future.succeededFuture(false)
        : Blocking.call(
            context,
            () -> {
              containers.get().removeAll();
              return true;
            });
  }
}
