package dev.fanfare.container;

import dev.fanfare.cache.CachedRevision;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Containers that functions run in, each for one runtime: without network unless one was granted,
 * with a root that cannot be written, with bounds for memory, processors and processes, without
 * capabilities, as the worker's own user, or as a user without rights if that is root. All bear a
 * label with the worker's folder, so that those a killed worker left are found. Blocks;
 * thread-safe.
 */
public final class Containers {
  private static final Logger log = LoggerFactory.getLogger(Containers.class);
  private static final String LABEL = "dev.fanfare.worker";
  private static final String NAME = "{{.Repository}}:{{.Tag}}";
  private static final int MOST_PROCESSES = 512;
  private static final int ROOT = 0;

  /** Who runs in the containers of a worker that is root: nobody of the machine's own. */
  private static final int UNPRIVILEGED = 10001;

  /** Beside the heap: code, threads, buffers, and files in the container's memory. */
  private static final long BESIDE_HEAP_BYTES = 256L << 20;

  private final Engine engine;
  private final ContainerSettings settings;
  private final Path owner;
  private final int processors;

  /** Is there from the first container on until all are removed. */
  private final Path used;

  Containers(Engine engine, ContainerSettings settings, Path owner, int processors) {
    this.engine = engine;
    this.settings = settings;
    this.owner = owner.toAbsolutePath();
    this.used = this.owner.resolve("containers");
    this.processors = processors;
  }

  /**
   * Those of the first engine that answers and has what containers are made of; what an earlier run
   * left is removed.
   *
   * @param owner the worker's folder, which the label holds
   * @param processors how many a container may use
   */
  public static Optional<Containers> find(ContainerSettings settings, Path owner, int processors) {
    if (!settings.complete()) {
      return Optional.empty();
    }
    String path = System.getenv().getOrDefault("PATH", "");
    for (Engine engine : Engine.installed(settings.engine(), path)) {
      var containers = new Containers(engine, settings, owner, processors);
      Engine.Ran answer =
          settings
              .image()
              .map(image -> engine.run("image", "inspect", "--format", "{{.Id}}", image))
              .orElseGet(engine::version);
      if (answer.well()) {
        containers.removeAll();
        return Optional.of(containers);
      }
      log.atLevel(settings.wanted() ? Level.WARN : Level.DEBUG)
          .log("functions cannot run in containers of {}: {}", engine.program(), answer.output());
    }
    return Optional.empty();
  }

  /** What a container is made of, with all that is found in it. */
  public sealed interface Image {
    String name();

    /** The same for all revisions, whose code is shared with it. */
    record Common(String name) implements Image {}

    /** A revision's own, that has its code: see {@link RevisionImages}. */
    record Own(String name) implements Image {}
  }

  /** The image for a revision, which the engine has when this returns. */
  public Image image(CachedRevision revision) throws IOException {
    if (!Files.exists(used)) {
      Files.writeString(used, engine.program().toString());
    }
    return settings.image().isPresent()
        ? new Image.Common(settings.image().get())
        : new Image.Own(settings.images().orElseThrow().of(revision, engine, repository()));
  }

  /**
   * The command that runs a JVM in a new container; its standard input and output are the
   * container's, and it ends with the JVM's exit code.
   *
   * @param name a new one
   * @param heapBytes of the JVM
   * @param readable what it finds under the same path as here
   * @param writable likewise, and may write
   * @param java the JVM's own command line
   */
  public List<String> command(
      String name,
      Image image,
      long heapBytes,
      List<Path> readable,
      List<Path> writable,
      List<String> java)
      throws IOException {
    String memory = Long.toString(heapBytes + heapBytes / 4 + BESIDE_HEAP_BYTES);
    var command = new ArrayList<>(List.of(engine.program().toString(), "run", "--rm"));
    command.addAll(List.of("--interactive", "--pull", "never"));
    command.addAll(List.of("--name", name, "--label", label()));
    command.addAll(List.of("--network", settings.network().orElse("none")));
    command.addAll(List.of("--read-only", "--tmpfs", "/tmp:exec,mode=1777"));
    command.addAll(List.of("--memory", memory, "--memory-swap", memory));
    command.addAll(List.of("--cpus", Integer.toString(processors)));
    command.addAll(List.of("--pids-limit", Integer.toString(MOST_PROCESSES)));
    command.addAll(List.of("--cap-drop", "ALL", "--security-opt", "no-new-privileges"));
    command.addAll(List.of("--user", user() + ":" + group(), "--env", "LC_ALL=C.UTF-8"));
    if (engine.isPodman() && owner("unix:uid") != ROOT) {
      command.addAll(List.of("--userns", "keep-id"));
    }
    readable.forEach(path -> command.addAll(List.of("--volume", path + ":" + path + ":ro")));
    writable.forEach(path -> command.addAll(List.of("--volume", path + ":" + path)));
    command.addAll(List.of("--workdir", "/tmp", "--entrypoint", java.getFirst(), image.name()));
    command.addAll(java.subList(1, java.size()));
    return command;
  }

  /** Lets the user of the containers at these files, which are the worker's. */
  public void handOver(List<Path> files) throws IOException {
    if (owner("unix:uid") == ROOT) {
      for (Path file : files) {
        Files.setAttribute(file, "unix:uid", UNPRIVILEGED);
        Files.setAttribute(file, "unix:gid", UNPRIVILEGED);
      }
    }
  }

  /** The environment of the engine's program. */
  public Map<String, String> environment() {
    return engine.environment();
  }

  /** Ends a container by force. */
  public void kill(String name) {
    engine.run("rm", "--force", name);
  }

  /** Ends all of this worker's, also those of an earlier run of it, and removes its images. */
  public void removeAll() {
    if (Files.exists(used)) {
      String images = "reference=" + repository();
      boolean done =
          remove("rm", engine.run("ps", "--all", "--quiet", "--filter", "label=" + label()))
              && remove("rmi", engine.run("images", "--format", NAME, "--filter", images));
      if (done) {
        used.toFile().delete();
      }
    }
  }

  private boolean remove(String command, Engine.Ran listed) {
    if (!listed.well() || listed.output().isBlank()) {
      return listed.well();
    }
    var arguments = new ArrayList<>(List.of(command, "--force"));
    arguments.addAll(listed.output().lines().toList());
    return engine.run(arguments.toArray(String[]::new)).well();
  }

  private String label() {
    return LABEL + "=" + owner;
  }

  /** Each worker has names of its own for images, so that it can drop them when it stops. */
  private String repository() {
    byte[] folder = owner.toString().getBytes(StandardCharsets.UTF_8);
    return RevisionImages.REPOSITORY + "-" + Sha256.of(folder).brief();
  }

  /** Files are shared with the worker, so they have one owner. */
  private int user() throws IOException {
    int own = owner("unix:uid");
    return own == ROOT ? UNPRIVILEGED : own;
  }

  private int group() throws IOException {
    return owner("unix:uid") == ROOT ? UNPRIVILEGED : owner("unix:gid");
  }

  private int owner(String attribute) throws IOException {
    return (Integer) Files.getAttribute(owner, attribute);
  }
}
