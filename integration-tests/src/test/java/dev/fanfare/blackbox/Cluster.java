package dev.fanfare.blackbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Nodes on this machine that all name all of them to be joined, each with a folder of its own:
 * gateways, which are schedulers too unless it is said otherwise, then those that are schedulers
 * only.
 */
final class Cluster implements AutoCloseable {
  private static final String SCHEDULER = "scheduler";
  private static final String GATEWAY = "gateway";
  private static final String BOTH = GATEWAY + "," + SCHEDULER;

  private final Launcher launcher;
  private final List<Integer> ports;
  private final List<String> roles;
  private final String options;
  private final List<String> more;
  private final List<Platform> gateways = new ArrayList<>();
  private final List<LaunchedProcess> latest = new ArrayList<>();
  private final List<LaunchedProcess> launched = new ArrayList<>();

  private Cluster(Path home, List<String> roles, String options, List<String> more) {
    this.launcher = new Launcher(home);
    this.ports = roles.stream().map(_ -> Ports.free()).toList();
    this.roles = roles;
    this.options = options;
    this.more = more;
  }

  /** Starts so many nodes: the first, then the others at one moment. */
  static Cluster start(Path home, int size) {
    return startWithJavaOptions("", home, size);
  }

  /** The same, in JVMs with these options, with more arguments. */
  static Cluster startWithJavaOptions(String options, Path home, int size, String... more) {
    return start(home, Collections.nCopies(size, BOTH), options, List.of(more));
  }

  /** The first node has both roles, of the others each has one. */
  static Cluster startApart(
      String options, Path home, int gateways, int schedulers, String... more) {
    var roles = new ArrayList<String>(List.of(BOTH));
    roles.addAll(Collections.nCopies(gateways - 1, GATEWAY));
    roles.addAll(Collections.nCopies(schedulers, SCHEDULER));
    return start(home, roles, options, List.of(more));
  }

  private static Cluster start(Path home, List<String> roles, String options, List<String> more) {
    var cluster = new Cluster(home, roles, options, more);
    try {
      cluster.ready(0, cluster.launch(0, Ports.free()));
      var processes =
          IntStream.range(1, roles.size()).mapToObj(i -> cluster.launch(i, Ports.free())).toList();
      for (int i = 1; i < roles.size(); i++) {
        cluster.ready(i, processes.get(i - 1));
      }
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** A gateway. */
  Platform node(int number) {
    return gateways.get(number);
  }

  /** Any node's. */
  LaunchedProcess process(int number) {
    return latest.get(number);
  }

  int size() {
    return ports.size();
  }

  int gateways() {
    return gateways.size();
  }

  /** The URLs of the gateways, with commas. */
  String urls() {
    return gateways.stream().map(node -> node.url().toString()).collect(Collectors.joining(","));
  }

  /** {@code kill -9}. */
  void kill(int number) {
    latest.get(number).kill();
  }

  /** Starts a gateway again that ended, with the data and the ports it had. */
  Platform restart(int number) {
    restart(List.of(number));
    return node(number);
  }

  /** The same for several nodes, at one moment. */
  void restart(List<Integer> numbers) {
    var processes = new ArrayList<LaunchedProcess>();
    for (int number : numbers) {
      latest.get(number).close();
      int port = Ports.free();
      if (number < gateways.size()) {
        gateways.get(number).close();
        port = gateways.get(number).url().getPort();
      }
      processes.add(launch(number, port));
    }
    for (int i = 0; i < processes.size(); i++) {
      ready(numbers.get(i), processes.get(i));
    }
  }

  Path data(int number) {
    return launcher.home().resolve("node-" + number);
  }

  int memberPort(int number) {
    return ports.get(number);
  }

  /** A worker that goes on with another node when it loses one. */
  LaunchedProcess worker(String token, String name) {
    return worker(token, name, urls());
  }

  /** The same, that knows the gateways by these URLs. */
  LaunchedProcess worker(String token, String name, String gateways) {
    return launcher.startWithJavaOptions(
        options,
        "worker",
        "--gateway",
        gateways,
        "--token",
        token,
        "--name",
        name,
        "--slots",
        "2",
        "--data",
        launcher.home().resolve("worker-" + name).toString());
  }

  /** Nobody needs what they hold: they are killed, which is faster than their leaving. */
  @Override
  public void close() {
    launched.forEach(LaunchedProcess::kill);
    gateways.forEach(Platform::close);
  }

  private LaunchedProcess launch(int number, int port) {
    String all = ports.stream().map(p -> "127.0.0.1:" + p).collect(Collectors.joining(","));
    var arguments = new ArrayList<String>(List.of("node", "--port", Integer.toString(port)));
    arguments.addAll(List.of("--roles", roles.get(number)));
    arguments.addAll(List.of("--member-port", ports.get(number).toString(), "--join", all));
    arguments.addAll(List.of("--cluster-key", "the-key-of-a-test-cluster"));
    arguments.addAll(List.of("--data", data(number).toString()));
    arguments.addAll(more);
    LaunchedProcess process =
        launcher.startWithJavaOptions(options, arguments.toArray(String[]::new));
    launched.add(process);
    return process;
  }

  /** Waits until it is, and takes it for the node of this number from now on. */
  private void ready(int number, LaunchedProcess process) {
    put(latest, number, process);
    if (roles.get(number).equals(SCHEDULER)) {
      process.awaitLine("ready member", Duration.ofMinutes(2));
    } else {
      put(gateways, number, Platform.ready(launcher, process));
    }
  }

  private static <T> void put(List<T> list, int index, T one) {
    if (index < list.size()) {
      list.set(index, one);
    } else {
      list.add(one);
    }
  }
}
