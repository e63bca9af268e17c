package dev.fanfare.worker;

import dev.fanfare.builtin.Sync;
import dev.fanfare.container.Containers;
import dev.fanfare.function.Isolation;
import dev.fanfare.hosting.Blocking;
import dev.fanfare.hosting.StartedRuntime;
import dev.fanfare.process.BlankRuntimes;
import dev.fanfare.process.ProcessLauncher;
import dev.fanfare.protocol.FunctionSpec;
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
  private final Optional<Containers> containers;
  private final ProcessLauncher launcher;
  private final BlankRuntimes blanks;
  private boolean offersContainers;
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
    this.containers =
        configuration
            .containerImage()
            .flatMap(
                image ->
                    Containers.engine()
                        .map(
                            engine ->
                                new Containers(
                                    engine, image, folder, processors(configuration.slots()))));
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

  private Future<Boolean> lookForContainers() {
    return containers.isEmpty()
        ? Future.succeededFuture(false)
        : Blocking.call(context, containers.get()::prepare)
            .onSuccess(usable -> offersContainers = usable);
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
    if (offersContainers) {
      isolation.add(Isolation.CONTAINER);
    }
    return isolation;
  }

  /** A runtime for this function. */
  Future<StartedRuntime> start(FunctionSpec spec) {
    Isolation wanted = spec.policy().requirements().isolation();
    long memory = spec.policy().memoryBytes();
    if (allowShared && wanted == Isolation.SHARED) {
      return Future.succeededFuture(new SharedRuntime(context));
    }
    return wanted.compareTo(Isolation.PROCESS) > 0 && containers.isPresent()
        ? launcher.start(memory, containers.get(), blobs)
        : blanks.take(memory);
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
    return offersContainers
        ? Blocking.call(
            context,
            () -> {
              containers.orElseThrow().removeAll();
              return true;
            })
        : Future.succeededFuture(false);
  }
}
