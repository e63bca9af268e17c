package dev.fanfare.blackbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Nodes on this machine that all name all of them to be joined, each with a folder of its own. */
final class Cluster implements AutoCloseable {
  private final Launcher launcher;
  private final List<Integer> ports;
  private final String options;
  private final List<String> more;
  private final List<Platform> nodes = new ArrayList<>();
  private final List<LaunchedProcess> launched = new ArrayList<>();

  private Cluster(Path home, List<Integer> ports, String options, List<String> more) {
    this.launcher = new Launcher(home);
    this.ports = ports;
    this.options = options;
    this.more = more;
  }

  /** Starts so many nodes: the first, then the others at one moment. */
  static Cluster start(Path home, int size) {
    return startWithJavaOptions("", home, size);
  }

  /** The same, in JVMs with these options, with more arguments. */
  static Cluster startWithJavaOptions(String options, Path home, int size, String... more) {
    List<Integer> ports = IntStream.range(0, size).mapToObj(i -> Ports.free()).toList();
    var cluster = new Cluster(home, ports, options, List.of(more));
    try {
      cluster.nodes.add(cluster.ready(cluster.launch(0, Ports.free())));
      var processes =
          IntStream.range(1, size).mapToObj(i -> cluster.launch(i, Ports.free())).toList();
      for (int i = 1; i < size; i++) {
        cluster.nodes.add(cluster.ready(processes.get(i - 1)));
      }
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  Platform node(int number) {
    return nodes.get(number);
  }

  int size() {
    return ports.size();
  }

  /** The URLs of the nodes, with commas. */
  String urls() {
    return nodes.stream().map(node -> node.url().toString()).collect(Collectors.joining(","));
  }

  /** {@code kill -9}. */
  void kill(int number) {
    nodes.get(number).process().kill();
  }

  /** Starts a node again that ended, with the data and the ports it had. */
  Platform restart(int number) {
    restart(List.of(number));
    return nodes.get(number);
  }

  /** The same for several, at one moment. */
  void restart(List<Integer> numbers) {
    var processes = new ArrayList<LaunchedProcess>();
    for (int number : numbers) {
      nodes.get(number).close();
      processes.add(launch(number, nodes.get(number).url().getPort()));
    }
    for (int i = 0; i < processes.size(); i++) {
      nodes.set(numbers.get(i), ready(processes.get(i)));
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
    nodes.forEach(Platform::close);
  }

  private LaunchedProcess launch(int number, int port) {
    String all = ports.stream().map(p -> "127.0.0.1:" + p).collect(Collectors.joining(","));
    var arguments = new ArrayList<String>(List.of("node", "--port", Integer.toString(port)));
    arguments.addAll(List.of("--member-port", ports.get(number).toString(), "--join", all));
    arguments.addAll(List.of("--cluster-key", "the-key-of-a-test-cluster"));
    arguments.addAll(List.of("--data", data(number).toString()));
    arguments.addAll(more);
    LaunchedProcess process =
        launcher.startWithJavaOptions(options, arguments.toArray(String[]::new));
    launched.add(process);
    return process;
  }

  private Platform ready(LaunchedProcess process) {
    return Platform.ready(launcher, process);
  }
}
