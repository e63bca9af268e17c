package dev.fanfare.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers that functions run in, each for one runtime: of one image that has a Java, without
 * network, with a root that cannot be written, with bounds for memory, processors and processes,
 * without capabilities, as the worker's own user. All bear a label with the worker's folder, so
 * that those a killed worker left are found. Blocks; thread-safe.
 *
 * @param program Docker's or Podman's
 * @param image what they are made of; it needs a {@code java} on its path, of 25 or newer
 * @param owner the worker's folder, which the label holds
 * @param processors how many a container may use
 */
public record Containers(Path program, String image, Path owner, int processors) {
  private static final Logger log = LoggerFactory.getLogger(Containers.class);
  private static final String LABEL = "dev.fanfare.worker";
  private static final long LONGEST_COMMAND_SECONDS = 60;
  private static final int MOST_PROCESSES = 512;

  /** Beside the heap: code, threads, buffers, and files in the container's memory. */
  private static final long BESIDE_HEAP_BYTES = 256L << 20;

  /** What the engine's program is told of the worker's own environment. */
  private static final List<String> KEPT_VARIABLES =
      List.of("PATH", "HOME", "XDG_RUNTIME_DIR", "DOCKER_HOST", "DOCKER_CONFIG", "CONTAINER_HOST");

  /** The engine of this machine, if a program of one is on the path. */
  public static Optional<Path> engine() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of("docker", "podman")
        .flatMap(name -> Arrays.stream(path.split(":", -1)).map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Whether the engine answers and has the image; if so, what was left of earlier is removed. */
  public boolean prepare() {
    Ran found = run("image", "inspect", "--format", "{{.Id}}", image);
    if (found.exitValue != 0) {
      log.warn("functions cannot run in containers of {}: {}", image, found.output);
      return false;
    }
    removeAll();
    return true;
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
      String name, long heapBytes, List<Path> readable, List<Path> writable, List<String> java)
      throws IOException {
    String memory = Long.toString(heapBytes + heapBytes / 4 + BESIDE_HEAP_BYTES);
    var command = new ArrayList<>(List.of(program.toString(), "run", "--rm", "--interactive"));
    command.addAll(List.of("--name", name, "--label", label()));
    command.addAll(List.of("--network", "none", "--read-only", "--tmpfs", "/tmp:exec,mode=1777"));
    command.addAll(List.of("--memory", memory, "--memory-swap", memory));
    command.addAll(List.of("--cpus", Integer.toString(processors)));
    command.addAll(List.of("--pids-limit", Integer.toString(MOST_PROCESSES)));
    command.addAll(List.of("--cap-drop", "ALL", "--security-opt", "no-new-privileges"));
    command.addAll(List.of("--user", user(), "--env", "LC_ALL=C.UTF-8"));
    readable.forEach(path -> command.addAll(List.of("--volume", path + ":" + path + ":ro")));
    writable.forEach(path -> command.addAll(List.of("--volume", path + ":" + path)));
    command.addAll(List.of("--workdir", "/tmp", "--entrypoint", java.getFirst(), image));
    command.addAll(java.subList(1, java.size()));
    return command;
  }

  /** The environment of the engine's program. */
  public Map<String, String> environment() {
    var kept = new TreeMap<String, String>();
    System.getenv()
        .forEach(
            (name, value) -> {
              if (KEPT_VARIABLES.contains(name)) {
                kept.put(name, value);
              }
            });
    return kept;
  }

  /** Ends a container by force. */
  public void kill(String name) {
    run("rm", "--force", name);
  }

  /** Ends all of this worker's, also those of an earlier run of it. */
  public void removeAll() {
    Ran listed = run("ps", "--all", "--quiet", "--filter", "label=" + label());
    if (listed.exitValue == 0 && !listed.output.isBlank()) {
      var command = new ArrayList<>(List.of("rm", "--force"));
      command.addAll(listed.output.lines().toList());
      run(command.toArray(String[]::new));
    }
  }

  private String label() {
    return LABEL + "=" + owner.toAbsolutePath();
  }

  /** Files are shared with the worker, so they have one owner. */
  private String user() throws IOException {
    return Files.getAttribute(owner, "unix:uid") + ":" + Files.getAttribute(owner, "unix:gid");
  }

  private record Ran(int exitValue, String output) {}

  private Ran run(String... arguments) {
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().clear();
      builder.environment().putAll(environment());
      Process process = builder.start();
      process.getOutputStream().close();
      var _ =
          process
              .onExit()
              .orTimeout(LONGEST_COMMAND_SECONDS, TimeUnit.SECONDS)
              .whenComplete((ended, late) -> process.destroyForcibly());
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Ran(process.waitFor(), output);
    } catch (IOException e) {
      return new Ran(-1, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Ran(-1, "interrupted");
    }
  }
}
