package dev.fanfare.blackbox;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The cluster of {@code docker-compose.yml} on this machine's engine, from an image of this
 * checkout, under names of its own. Closing it removes all of that.
 */
final class Compose implements AutoCloseable {
  static final List<String> NODES =
      List.of("scheduler-1", "scheduler-2", "scheduler-3", "gateway-1", "gateway-2");

  private static final Duration LONGEST_COMMAND = Duration.ofMinutes(4);
  private static final Duration LONGEST_START = Duration.ofMinutes(4);

  private final Launcher cli;
  private final List<String> program;
  private final String project;
  private final String image;
  private final int port;
  private String key = "";

  private Compose(Launcher cli, List<String> program) {
    byte[] random = new byte[4];
    ThreadLocalRandom.current().nextBytes(random);
    this.cli = cli;
    this.program = program;
    this.project = "fanfare-it-" + HexFormat.of().formatHex(random);
    this.image = project + ":it";
    this.port = freePort();
  }

  /** Why there can be none on this machine, if that is so. */
  static Optional<String> missing() {
    if (run(Map.of(), List.of("docker", "info")).exit() != 0) {
      return Optional.of("no container engine answers `docker info`");
    }
    return program().isEmpty()
        ? Optional.of("neither `docker compose` nor `docker-compose` is installed")
        : Optional.empty();
  }

  /** Builds the image and starts everything; answers once a worker is there. */
  static Compose up(Path home, int workers) {
    var compose = new Compose(new Launcher(home), program().orElseThrow());
    try {
      compose.buildImage();
      compose.command("up", "-d", "--scale", "worker=" + workers);
      compose.key =
          compose
              .command("run", "--rm", "-T", "secrets", "secrets", "/secrets", "--show", "admin-key")
              .lines()
              .toList()
              .getLast()
              .strip();
      await()
          .atMost(LONGEST_START)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> compose.workers() == workers);
      return compose;
    } catch (RuntimeException | Error e) {
      String logs = compose.attempt("logs", "--tail=40").out();
      compose.close();
      throw new AssertionError("the cluster did not come up:\n" + logs, e);
    }
  }

  String image() {
    return image;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  String key() {
    return key;
  }

  /** Runs a command of the CLI against the one port. */
  Launcher.Finished fanfare(String... arguments) {
    var all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--url", url().toString(), "--key", key));
    return cli.run(all.toArray(String[]::new));
  }

  /** How many workers the platform has, 0 if it does not answer. */
  long workers() {
    var listed = fanfare("workers", "-o", "ndjson");
    return listed.exit() == 0 ? listed.out().lines().count() : 0;
  }

  /** Runs so many workers from now on. */
  void scale(int workers) {
    command("up", "-d", "--no-deps", "--no-recreate", "--scale", "worker=" + workers, "worker");
    await()
        .atMost(LONGEST_START)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> workers() == workers);
  }

  /** {@code kill -9}; the engine does not start it again. */
  void kill(String service) {
    String container = container(service);
    docker("update", "--restart=no", container);
    docker("kill", container);
  }

  /** Another container in its place, with the same data; returns once that is ready. */
  void replace(String service) {
    command("up", "-d", "--no-deps", "--force-recreate", service);
    awaitReady(service);
  }

  /** Takes the network away from it, without a word to anybody. */
  void cutOff(String service) {
    docker("network", "disconnect", project + "_default", container(service));
  }

  /** Waits until the service says that it is ready. */
  void awaitReady(String service) {
    String port = service.startsWith("gateway") ? "8080" : "8081";
    await()
        .atMost(LONGEST_START)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () ->
                attempt(
                            "exec",
                            "-T",
                            service,
                            "java",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            "/opt/fanfare/lib/*",
                            "dev.fanfare.health.HealthProbe",
                            "http://127.0.0.1:" + port + "/readyz")
                        .exit()
                    == 0);
  }

  /** The containers in which a worker with this folder runs functions. */
  static List<String> functionContainers(Path folder) {
    return docker("ps", "-aq", "--filter", "label=dev.fanfare.worker=" + folder).lines().toList();
  }

  /** What is left of it on the engine: containers, networks, volumes. */
  List<String> left() {
    String own = "label=com.docker.compose.project=" + project;
    var left = new ArrayList<String>();
    left.addAll(docker("ps", "-aq", "--filter", own).lines().toList());
    left.addAll(docker("network", "ls", "-q", "--filter", own).lines().toList());
    left.addAll(docker("volume", "ls", "-q", "--filter", own).lines().toList());
    return left;
  }

  @Override
  public void close() {
    attempt("down", "-v", "--remove-orphans", "-t", "2");
    run(Map.of(), List.of("docker", "rmi", "-f", image));
  }

  private void buildImage() {
    String fanfare = Launcher.root().resolve("fanfare").toString();
    List<String> command = List.of(fanfare, "image", "platform", "--to-docker", image);
    insist(run(Map.of("HOME", cli.home().toString()), command), String.join(" ", command));
  }

  private String container(String service) {
    return command("ps", "-q", service).strip();
  }

  private String command(String... arguments) {
    return insist(attempt(arguments), String.join(" ", arguments));
  }

  private Launcher.Finished attempt(String... arguments) {
    var all = new ArrayList<>(program);
    all.addAll(
        List.of("-p", project, "-f", Launcher.root().resolve("docker-compose.yml").toString()));
    all.addAll(List.of(arguments));
    return run(Map.of("FANFARE_IMAGE", image, "FANFARE_PORT", "127.0.0.1:" + port), all);
  }

  private static String docker(String... arguments) {
    var all = new ArrayList<>(List.of("docker"));
    all.addAll(List.of(arguments));
    return insist(run(Map.of(), all), String.join(" ", all));
  }

  private static String insist(Launcher.Finished finished, String what) {
    if (finished.exit() != 0) {
      throw new AssertionError(what + " ended with " + finished.exit() + ": " + finished.err());
    }
    return finished.out();
  }

  private static Optional<List<String>> program() {
    return List.of(List.of("docker", "compose"), List.of("docker-compose")).stream()
        .filter(
            candidate -> {
              var version = new ArrayList<>(candidate);
              version.add("version");
              return run(Map.of(), version).exit() == 0;
            })
        .findFirst();
  }

  private static Launcher.Finished run(Map<String, String> environment, List<String> command) {
    try {
      Path out = Files.createTempFile("compose", ".out");
      Path err = Files.createTempFile("compose", ".err");
      try {
        var builder =
            new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(LONGEST_COMMAND.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("no end within " + LONGEST_COMMAND + ": " + command);
        }
        return new Launcher.Finished(process.exitValue(), text(out), text(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      return new Launcher.Finished(127, "", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
