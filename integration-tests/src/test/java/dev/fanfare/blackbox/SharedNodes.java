package dev.fanfare.blackbox;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Nodes that share a ledger in PostgreSQL, each with a worker of its own beside it. */
final class SharedNodes implements AutoCloseable {
  static final String PASSWORD = "canary-of-the-ledger";
  private static final int MEMBER_PORT = 5701;
  private static final int HTTP_PORT = 8080;

  private final Launcher launcher;
  private final List<Place> places;
  private final String ledger;
  private final List<Platform> nodes = new ArrayList<>();
  private final List<LaunchedProcess> workers = new ArrayList<>();

  /** Where a node runs: what its command begins with, and where it is reached. */
  private record Place(List<String> prefix, String host, int port, int memberPort) {}

  private SharedNodes(Path home, List<Place> places, Database database) {
    this.launcher = new Launcher(home);
    this.places = places;
    this.ledger = database.url(PASSWORD);
  }

  /** Each in a network namespace. */
  static SharedNodes start(Path home, Namespaces net, Database database, int count) {
    return first(home, net, database, count).others();
  }

  /** The same, but only the first is started, which is to be joined by {@link #others}. */
  static SharedNodes first(Path home, Namespaces net, Database database, int count) {
    return first(
        home,
        IntStream.range(0, count)
            .mapToObj(i -> new Place(net.inside(i), net.address(i), HTTP_PORT, MEMBER_PORT))
            .toList(),
        database,
        "");
  }

  /** All on loopback. */
  static SharedNodes start(Path home, Database database, int count) {
    return start(home, database, count, "");
  }

  /** The same, the first in a JVM with these options. */
  static SharedNodes start(Path home, Database database, int count, String optionsOfFirst) {
    return first(
            home,
            IntStream.range(0, count)
                .mapToObj(i -> new Place(List.of(), "127.0.0.1", 0, Ports.free()))
                .toList(),
            database,
            optionsOfFirst)
        .others();
  }

  private static SharedNodes first(
      Path home, List<Place> places, Database database, String options) {
    var shared = new SharedNodes(home, places, database);
    try {
      shared.nodes.add(Platform.ready(shared.launcher, shared.launch(0, options)));
      return shared;
    } catch (RuntimeException | Error e) {
      shared.close();
      throw e;
    }
  }

  /** Starts the other nodes, then the workers, and waits until each node knows all of them. */
  SharedNodes others() {
    try {
      var others = IntStream.range(1, places.size()).mapToObj(i -> launch(i, "")).toList();
      others.forEach(other -> nodes.add(Platform.ready(launcher, other)));
      String token = Workers.joinToken(nodes.getFirst());
      IntStream.range(0, places.size()).forEach(i -> workers.add(worker(i, token)));
      nodes.forEach(node -> Workers.awaitCount(node, places.size()));
      return this;
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  Platform node(int number) {
    return nodes.get(number);
  }

  int count() {
    return places.size();
  }

  /** {@code kill -9} of a node and of its worker. */
  void kill(int number) {
    nodes.get(number).process().kill();
    workers.get(number).kill();
  }

  /** What all processes have printed. */
  String output() {
    return nodes.stream().map(node -> node.process().output()).collect(Collectors.joining("\n"));
  }

  /** Submits in the background; what the node answers within ten seconds. */
  HttpResponse<String> submit(int node, String function, String json) {
    Platform platform = nodes.get(node);
    return platform.send(
        platform
            .request("/async-function/" + function)
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(10))
            .POST(BodyPublishers.ofString(json))
            .build());
  }

  private LaunchedProcess launch(int number, String options) {
    String all =
        places.stream()
            .map(place -> place.host + ":" + place.memberPort)
            .collect(Collectors.joining(","));
    Place own = places.get(number);
    return launcher.startInside(
        own.prefix,
        Map.of("FANFARE_LEDGER", ledger, "FANFARE_JAVA_OPTS", Fleet.SOON_LOST + " " + options),
        "node",
        "--host",
        own.host,
        "--insecure",
        "--port",
        String.valueOf(own.port),
        "--member-host",
        own.host,
        "--member-port",
        String.valueOf(own.memberPort),
        "--join",
        all,
        "--cluster-key",
        "the-key-of-a-test-cluster",
        "--verbose",
        "--data",
        launcher.home().resolve("node-" + number).toString());
  }

  private LaunchedProcess worker(int number, String token) {
    return launcher.startInside(
        places.get(number).prefix,
        Map.of("FANFARE_JAVA_OPTS", Fleet.SOON_LOST),
        "worker",
        "--gateway",
        nodes.get(number).url().toString(),
        "--token",
        token,
        "--name",
        "worker-" + number,
        "--slots",
        "2",
        "--data",
        launcher.home().resolve("worker-" + number).toString());
  }

  @Override
  public void close() {
    workers.forEach(LaunchedProcess::kill);
    workers.forEach(LaunchedProcess::close);
    nodes.forEach(node -> node.process().kill());
    nodes.forEach(Platform::close);
  }
}
