package dev.fanfare.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A container engine of this machine, commanded by its program. Blocks; thread-safe.
 *
 * @param program Docker's or Podman's
 */
public record Engine(Path program) {
  private static final long LONGEST_COMMAND_SECONDS = 60;

  /** What the program is told of this process's own environment. */
  private static final List<String> KEPT_VARIABLES =
      List.of("PATH", "HOME", "XDG_RUNTIME_DIR", "DOCKER_HOST", "DOCKER_CONFIG", "CONTAINER_HOST");

  /** Which engine is wanted. */
  public enum Choice {
    /** Docker if it answers, else Podman. */
    AUTO,
    DOCKER,
    PODMAN,
    NONE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How one of its commands ended, and what that wrote. */
  public record Ran(int exitValue, String output) {
    /** Whether the command did what it was told. */
    public boolean well() {
      return exitValue == 0;
    }
  }

  /**
   * Those that are installed, the one to be tried first at the front.
   *
   * @param path where programs are looked for, as in the environment
   */
  public static List<Engine> installed(Choice choice, String path) {
    List<String> names =
        switch (choice) {
          case AUTO -> List.of("docker", "podman");
          case DOCKER, PODMAN -> List.of(choice.toString());
          case NONE -> List.of();
        };
    return names.stream().flatMap(name -> find(name, path)).map(Engine::new).toList();
  }

  private static Stream<Path> find(String name, String path) {
    return Stream.of(path.split(":", -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .limit(1);
  }

  /** Asks for its version: well only if the engine itself answers, not the program alone. */
  public Ran version() {
    return run("version", "--format", isPodman() ? "{{.Client.Version}}" : "{{.Server.Version}}");
  }

  /** Whether it has an image of this name. */
  public boolean has(String image) {
    return run("image", "inspect", "--format", "{{.Id}}", image).well();
  }

  boolean isPodman() {
    return program.endsWith("podman");
  }

  /** The environment of its program. */
  Map<String, String> environment() {
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

  /** Runs a command of its to the end, at most a minute. */
  public Ran run(String... arguments) {
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
              .exceptionally(late -> process.destroyForcibly());
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
