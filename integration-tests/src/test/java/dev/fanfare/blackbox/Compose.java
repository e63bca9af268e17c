package dev.fanfare.blackbox;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.LogUtils;

/**
 * The cluster of {@code docker-compose.yml} on this machine's engine, from an image of this
 * checkout, under names of its own. Closing it removes all of that.
 */
final class Compose implements AutoCloseable {
  static final List<String> GATEWAYS = List.of("gateway-1", "gateway-2");
  static final List<String> NODES =
      List.of("scheduler-1", "scheduler-2", "scheduler-3", "gateway-1", "gateway-2");

  private static final Duration LONGEST_START = Duration.ofMinutes(3);
  private static final String PROJECT = "com.docker.compose.project";
  private static final String SERVICE = "com.docker.compose.service";

  private final DockerClient engine = DockerClientFactory.lazyClient();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Launcher cli;
  private final List<String> program;
  private final String project;
  private final String image;
  private final Path shared;
  private final int port;
  private final Set<String> volumesBefore;
  private String key = "";

  private Compose(Path home, Path shared) {
    byte[] random = new byte[4];
    ThreadLocalRandom.current().nextBytes(random);
    this.cli = new Launcher(home);
    this.program = program().orElseThrow();
    this.project = "fanfare-it-" + HexFormat.of().formatHex(random);
    this.image = project + ":it";
    this.shared = shared;
    this.port = freePort();
    this.volumesBefore = volumes();
  }

  /** Why there can be none on this machine, if that is so. */
  static Optional<String> missing() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.of("no container engine answers");
    }
    return program().isEmpty()
        ? Optional.of("neither `docker compose` nor `docker-compose` is installed")
        : Optional.empty();
  }

  /**
   * Builds the image and starts everything; answers once the workers are there.
   *
   * @param shared a folder that workers have, too, and may write
   */
  static Compose up(Path home, Path shared, int workers) {
    var compose = new Compose(home, shared);
    try {
      compose.buildImage();
      compose.writeTestsOwn();
      compose.command("up", "-d", "--scale", "worker=" + workers);
      compose.key =
          compose
              .command("run", "--rm", "-T", "secrets", "secrets", "/secrets", "--show", "admin-key")
              .lines()
              .toList()
              .getLast()
              .strip();
      compose.awaitWorkers(workers);
      return compose;
    } catch (RuntimeException | Error e) {
      String logs = compose.attempt("logs", "--tail=40").out();
      compose.close();
      throw new AssertionError("the cluster did not come up:\n" + logs, e);
    }
  }

  DockerClient engine() {
    return engine;
  }

  String image() {
    return image;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The gateways themselves, not the door: they have other ports when they were replaced. */
  List<URI> gateways() {
    return GATEWAYS.stream().map(this::published).toList();
  }

  String key() {
    return key;
  }

  /** Runs a command of the CLI against the one port, which must succeed; its output. */
  String fanfare(String... arguments) {
    var all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--url", url().toString(), "--key", key));
    return insist(cli.run(all.toArray(String[]::new)), String.join(" ", arguments));
  }

  /** Runs so many workers from now on. */
  void scale(int workers) {
    command("up", "-d", "--no-deps", "--no-recreate", "--scale", "worker=" + workers, "worker");
    awaitWorkers(workers);
  }

  /** {@code kill -9}; the engine does not start it again. */
  void kill(String service) {
    engine.killContainerCmd(container(service)).exec();
  }

  /** Another container in its place, with the same data. */
  void replace(String service) {
    command("up", "-d", "--no-deps", "--force-recreate", service);
  }

  /** Takes the network away from it, without a word to anybody. */
  void cutOff(String service) {
    engine
        .disconnectFromNetworkCmd()
        .withNetworkId(project + "_default")
        .withContainerId(container(service))
        .withForce(true)
        .exec();
  }

  /**
   * Waits until the service's container, which was not started before, has said that it is ready.
   */
  void awaitReady(String service) {
    await(service + " is ready")
        .atMost(LONGEST_START)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> LogUtils.getOutput(engine, container(service)).contains("ready "));
  }

  /** Waits until the engine's own checks find every container healthy. */
  void awaitHealthy() {
    await("all are healthy")
        .atMost(LONGEST_START)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () ->
                running().stream()
                    .map(one -> inspect(one.getId()).getState().getHealth().getStatus())
                    .allMatch("healthy"::equals));
  }

  /** Its containers that run. */
  List<Container> running() {
    return engine.listContainersCmd().withLabelFilter(Map.of(PROJECT, project)).exec();
  }

  /** What is left on the engine: containers, networks, volumes, the image. */
  List<String> left() {
    Map<String, String> own = Map.of(PROJECT, project);
    var left = new ArrayList<String>();
    engine
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(own)
        .exec()
        .forEach(one -> left.add("container " + one.getId()));
    engine
        .listNetworksCmd()
        .withNameFilter(project)
        .exec()
        .forEach(one -> left.add("network " + one.getName()));
    engine
        .listImagesCmd()
        .withReferenceFilter(image)
        .exec()
        .forEach(one -> left.add("image " + one.getId()));
    volumes().stream()
        .filter(one -> !volumesBefore.contains(one))
        .forEach(one -> left.add("volume " + one));
    return left;
  }

  @Override
  public void close() {
    attempt("down", "-v", "--remove-orphans", "-t", "2");
    if (!engine.listImagesCmd().withReferenceFilter(image).exec().isEmpty()) {
      engine.removeImageCmd(image).withForce(true).exec();
    }
    http.close();
  }

  private void buildImage() {
    insist(cli.run("image", "platform", "--to-docker", image), "image platform");
  }

  /** Less memory, ports for the test's eyes, and the folder that is shared. */
  private void writeTestsOwn() {
    String text =
        """
        services:
          scheduler-1: &scheduler { mem_limit: 640m, environment: &java { JDK_JAVA_OPTIONS: "-XX:TieredStopAtLevel=1" } }
          scheduler-2: *scheduler
          scheduler-3: *scheduler
          gateway-1: &gateway { mem_limit: 640m, ports: [ "127.0.0.1::8080" ], environment: *java }
          gateway-2: *gateway
          door: { mem_limit: 320m, environment: *java }
          worker: { mem_limit: 1g, environment: *java, volumes: [ "%s:%s" ] }
        """
            .formatted(shared, shared);
    try {
      Files.writeString(testsOwn(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path testsOwn() {
    return cli.home().resolve("tests-own.yml");
  }

  private void awaitWorkers(int count) {
    await(count + " workers")
        .atMost(LONGEST_START)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(() -> Platform.json(get("/v1/workers")).get("workers").size() == count);
  }

  private String get(String path) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(url().resolve(path))
            .header("Authorization", "Bearer " + key)
            .timeout(Duration.ofSeconds(10))
            .build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  private String container(String service) {
    Map<String, String> labels = Map.of(PROJECT, project, SERVICE, service);
    return engine.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec().stream()
        .map(Container::getId)
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no container of " + service));
  }

  private InspectContainerResponse inspect(String container) {
    return engine.inspectContainerCmd(container).exec();
  }

  private URI published(String service) {
    Ports ports = inspect(container(service)).getNetworkSettings().getPorts();
    String there = ports.getBindings().get(ExposedPort.tcp(8080))[0].getHostPortSpec();
    return URI.create("http://127.0.0.1:" + there);
  }

  private Set<String> volumes() {
    List<InspectVolumeResponse> all = engine.listVolumesCmd().exec().getVolumes();
    return all == null
        ? new HashSet<>()
        : all.stream().map(InspectVolumeResponse::getName).collect(Collectors.toSet());
  }

  private String command(String... arguments) {
    return insist(attempt(arguments), String.join(" ", arguments));
  }

  private Launcher.Finished attempt(String... arguments) {
    var all = new ArrayList<>(program);
    all.addAll(List.of("-p", project));
    all.addAll(List.of("-f", Launcher.root().resolve("docker-compose.yml").toString()));
    all.addAll(List.of("-f", testsOwn().toString()));
    all.addAll(List.of(arguments));
    return EndedProgram.run(
        Map.of("FANFARE_IMAGE", image, "FANFARE_PORT", "127.0.0.1:" + port), all);
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
              return EndedProgram.run(Map.of(), version).exit() == 0;
            })
        .findFirst();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
