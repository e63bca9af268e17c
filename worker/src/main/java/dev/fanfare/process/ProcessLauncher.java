package dev.fanfare.process;

import dev.fanfare.container.Containers;
import dev.fanfare.container.RevisionImages;
import dev.fanfare.execution.Offspring;
import dev.fanfare.hosting.Blocking;
import dev.fanfare.hosting.Exit;
import dev.fanfare.hosting.StartedRuntime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts child JVMs and waits until they have connected. Only on the agent's context. */
public final class ProcessLauncher {
  private static final Logger log = LoggerFactory.getLogger(ProcessLauncher.class);
  private static final long LONGEST_START_MILLIS = 30_000;
  private static final long DRAIN_MILLIS = 1_000;
  private static final long CLOSE_MILLIS = 5_000;

  /** What a child finds in its environment, beside its mark: file names are UTF-8. */
  private static final Map<String, String> ENVIRONMENT = Map.of("LC_ALL", "C.UTF-8");

  private final Context context;
  private final Vertx vertx;
  private final JvmOptions options;
  private final Map<String, String> properties;
  private final AotCache cache;
  private final ChildSockets sockets;
  private final Path scratches;
  private final List<ProcessRuntime> running = new ArrayList<>();
  private long drainTimer = -1;
  private boolean closed;

  /**
   * A launcher that keeps the children's folders in {@code folder}.
   *
   * @param aotCaches where an AOT cache is looked for; one that has to be made goes into the first
   *     that can be written
   * @throws IOException if {@code folder} cannot be written
   */
  public ProcessLauncher(
      Context context, Path java, List<Path> classPath, Path folder, List<Path> aotCaches)
      throws IOException {
    this(context, java, classPath, folder, aotCaches, Map.of());
  }

  /**
   * The same.
   *
   * @param properties system properties of the children that do not run in containers
   */
  public ProcessLauncher(
      Context context,
      Path java,
      List<Path> classPath,
      Path folder,
      List<Path> aotCaches,
      Map<String, String> properties)
      throws IOException {
    this.properties = Map.copyOf(properties);
    this.context = context;
    this.vertx = context.owner();
    this.options = new JvmOptions(java, classPath);
    this.scratches = folder.resolve("scratch");
    Scratch.delete(scratches);
    this.cache = new AotCache(options, aotCaches);
    this.sockets = new ChildSockets(vertx);
  }

  /** Begins to listen for children. */
  public Future<Void> open() {
    drainTimer = vertx.setPeriodic(DRAIN_MILLIS, tick -> drainOutputs());
    return sockets.listen();
  }

  /** Makes the AOT cache if there is none; the children started after that use it. */
  public Future<Boolean> makeCache() {
    return Blocking.call(context, cache::make);
  }

  /** Whether there is an AOT cache to start from. */
  public boolean hasCache() {
    return cache.file().isPresent();
  }

  /** Starts a JVM with this much heap; fails in words if it does not come up. */
  public Future<StartedRuntime> start(long memoryBytes) {
    return start(token -> launch(memoryBytes, token));
  }

  /**
   * The same in a container of this image.
   *
   * @param blobs the folder with payloads, and with code unless the image has it
   */
  public Future<StartedRuntime> start(
      long memoryBytes, Containers containers, Containers.Image image, Path blobs) {
    Future<StartedRuntime> started =
        start(token -> launch(memoryBytes, token, containers, image, blobs));
    return switch (image) {
      case Containers.Image.Common _ -> started;
      case Containers.Image.Own _ -> started.map(CodeInImage::new);
    };
  }

  private interface Launch {
    Child with(String token) throws IOException;
  }

  private Future<StartedRuntime> start(Launch launch) {
    String token = sockets.token();
    Future<ChildSockets.Accepted> connected = sockets.expect(token);
    long late = vertx.setTimer(LONGEST_START_MILLIS, timer -> sockets.forget(token));
    return Blocking.call(context, () -> launch.with(token))
        .compose(child -> await(child, token, connected))
        .onComplete(done -> vertx.cancelTimer(late))
        .onFailure(failure -> sockets.forget(token));
  }

  /** Ends all children and removes what they left. */
  public Future<Void> close() {
    vertx.cancelTimer(drainTimer);
    cache.stop();
    closed = true;
    running.forEach(ProcessRuntime::kill);
    List<Future<Boolean>> ends = running.stream().map(ProcessRuntime::gone).toList();
    return Future.join(ends)
        .timeout(CLOSE_MILLIS, TimeUnit.MILLISECONDS)
        .eventually(sockets::close)
        .otherwiseEmpty()
        .mapEmpty();
  }

  /** A process that has been started, but has not connected yet. */
  private record Child(
      Process process, ProcessRuntime.Forced forced, Scratch scratch, RawOutput output) {}

  private Child launch(long memoryBytes, String token) throws IOException {
    Scratch scratch = Scratch.in(scratches);
    List<String> command =
        options.runtime(memoryBytes, cache.file(), scratch.folder(), sockets.path());
    properties.forEach((name, value) -> command.add(1, "-D" + name + "=" + value));
    var tree = new ProcessTree();
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    environment.put(Offspring.RUNTIME, tree.mark());
    return child(command, environment, token, scratch, tree);
  }

  /** All that is shared has the same path in the container as here. */
  private Child launch(
      long memoryBytes, String token, Containers containers, Containers.Image image, Path blobs)
      throws IOException {
    Scratch scratch = Scratch.in(scratches);
    String name = "fanfare-" + scratch.folder().getFileName();
    var readable = new ArrayList<>(List.of(sockets.folder()));
    List<Path> classPath =
        switch (image) {
          case Containers.Image.Common _ -> options.classPath();
          case Containers.Image.Own _ -> List.of(Path.of(RevisionImages.CLASS_PATH));
        };
    if (image instanceof Containers.Image.Common) {
      readable.addAll(classPath);
    }
    List<Path> writable =
        List.of(blobs, Files.createDirectories(blobs.resolveSibling("made")), scratch.folder());
    containers.handOver(writable);
    containers.handOver(List.of(sockets.folder(), sockets.path()));
    List<String> java =
        new JvmOptions(Path.of("java"), classPath)
            .runtime(memoryBytes, Optional.empty(), scratch.folder(), sockets.path());
    return child(
        containers.command(name, image, memoryBytes, readable, writable, java),
        containers.environment(),
        token,
        scratch,
        client -> {
          containers.kill(name);
          ProcessRuntime.endTree(client);
        });
  }

  private static Child child(
      List<String> command,
      Map<String, String> environment,
      String token,
      Scratch scratch,
      ProcessRuntime.Forced forced)
      throws IOException {
    var builder = new ProcessBuilder(command);
    builder.directory(scratch.folder().toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(token.getBytes(StandardCharsets.US_ASCII));
    }
    return new Child(process, forced, scratch, new RawOutput(process.getInputStream()));
  }

  private Future<StartedRuntime> await(
      Child child, String token, Future<ChildSockets.Accepted> connected) {
    var _ =
        child
            .process()
            .onExit()
            .thenRun(() -> context.runOnContext(ended -> sockets.forget(token)));
    return connected
        .map(accepted -> started(child, accepted))
        .recover(failure -> Future.failedFuture(new IOException(stillborn(child))));
  }

  private StartedRuntime started(Child child, ChildSockets.Accepted accepted) {
    var runtime =
        new ProcessRuntime(
            context,
            child.process(),
            child.forced(),
            child.scratch(),
            child.output(),
            accepted.socket());
    running.add(runtime);
    runtime.early(accepted.rest());
    if (closed) {
      runtime.kill();
    }
    return runtime;
  }

  private String stillborn(Child child) {
    boolean ended = !child.process().isAlive();
    child.output().drain();
    Blocking.call(
        context,
        () -> {
          child.forced().end(child.process());
          return child.scratch().delete();
        });
    Exit exit =
        ended
            ? ExitWords.of(child.process().exitValue(), false, null, child.output().text())
            : new Exit(Exit.Cause.KILLED, "it did not connect in " + LONGEST_START_MILLIS + " ms");
    log.warn("a runtime did not start: {}", exit.words());
    return exit.words();
  }

  private void drainOutputs() {
    running.removeIf(runtime -> runtime.gone().isComplete());
    running.forEach(ProcessRuntime::drainOutput);
  }
}
