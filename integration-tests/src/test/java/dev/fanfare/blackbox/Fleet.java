package dev.fanfare.blackbox;

import dev.fanfare.history.History;
import dev.fanfare.history.PlatformWord;
import dev.fanfare.history.RecordingClient;
import dev.fanfare.history.RecordingFunction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Nodes, workers and their runtimes, each a process, with the recording function deployed. They are
 * killed as {@code kill -9} does and started again with what they had.
 */
final class Fleet implements AutoCloseable {
  /** For JVMs that are often started and do not live long. */
  static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -Xms32m -Xmx256m";

  /** After this long without a sign a process is lost, with {@link #SOON_LOST}. */
  static final Duration SILENCE = Duration.ofSeconds(4);

  /** For tests that wait for such losses. */
  static final String SOON_LOST = SHORT_LIVED + " -Dfanfare.silence-millis=" + SILENCE.toMillis();

  private final Cluster cluster;
  private final String token;
  private final RecordingFunction function;
  private final List<LaunchedProcess> workers = new ArrayList<>();
  private final List<List<Tunnel>> tunnels = new ArrayList<>();

  private Fleet(Cluster cluster, RecordingFunction function) {
    this.cluster = cluster;
    this.function = function;
    this.token = Workers.joinToken(cluster.node(0));
  }

  /** Starts so many of each, in JVMs with these options; the nodes with more arguments. */
  static Fleet start(Path home, int nodes, int workers, String options, String... more) {
    return start(home, Cluster.startWithJavaOptions(options, home, nodes, more), workers);
  }

  /** The same with gateways that are no schedulers, but for the first, and schedulers. */
  static Fleet startApart(
      Path home, int gateways, int schedulers, int workers, String options, String... more) {
    return start(home, Cluster.startApart(options, home, gateways, schedulers, more), workers);
  }

  private static Fleet start(Path home, Cluster cluster, int workers) {
    var function = new RecordingFunction(folder(home.resolve("executions")));
    var fleet = new Fleet(cluster, function);
    try {
      Path jar = TestJar.of(home, RecordingFunction.CLASS, function.source());
      cluster.node(0).deploy(jar);
      for (int i = 0; i < workers; i++) {
        fleet.tunnels.add(fleet.tunnels());
        fleet.workers.add(fleet.launchWorker(i));
      }
      Workers.awaitCount(cluster.node(0), workers);
      return fleet;
    } catch (RuntimeException | Error e) {
      fleet.close();
      throw e;
    }
  }

  RecordingFunction function() {
    return function;
  }

  /** A gateway. */
  Platform node(int number) {
    return cluster.node(number);
  }

  /** A client that uses any node, by chance. */
  RecordingClient client(History history, Random random) {
    return new RecordingClient(
        history,
        () -> cluster.node(random.nextInt(cluster.gateways())).url(),
        cluster.node(0).key());
  }

  PlatformWord word() {
    List<URI> urls = IntStream.range(0, cluster.gateways()).mapToObj(i -> node(i).url()).toList();
    return new PlatformWord(urls, node(0).key());
  }

  int nodes() {
    return cluster.size();
  }

  int workers() {
    return workers.size();
  }

  /** Ends a node in order, as {@code kill -TERM} does, and starts it again. */
  void rollNode(int number) {
    cluster.process(number).terminate();
    cluster.restart(number);
  }

  void killNode(int number) {
    cluster.kill(number);
  }

  void restartNodes(List<Integer> numbers) {
    cluster.restart(numbers);
  }

  LaunchedProcess worker(int number) {
    return workers.get(number);
  }

  void killWorker(int number) {
    workers.get(number).kill();
  }

  void restartWorker(int number) {
    workers.get(number).close();
    workers.set(number, launchWorker(number));
  }

  /** The processes that functions run in, blank ones too. */
  List<ProcessHandle> runtimes() {
    return workers.stream()
        .flatMap(w -> w.handle().children())
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  /** What the nodes warned of since their last start. */
  String warnings() {
    return IntStream.range(0, nodes())
        .mapToObj(i -> "node " + i + " said:\n" + cluster.process(i).output().indent(2))
        .collect(Collectors.joining());
  }

  /** Where the threads of all nodes and workers are. */
  String threadDumps() {
    return Stream.concat(
            IntStream.range(0, nodes()).mapToObj(i -> cluster.process(i).handle()),
            workers.stream().map(LaunchedProcess::handle))
        .map(ThreadDump::of)
        .collect(Collectors.joining("\n"));
  }

  /** All nodes and workers at one moment. */
  void killAll() {
    Stream<ProcessHandle> all =
        Stream.concat(
            workers.stream().map(LaunchedProcess::handle),
            IntStream.range(0, nodes()).mapToObj(i -> cluster.process(i).handle()));
    all.toList().forEach(ProcessHandle::destroyForcibly);
    workers.forEach(LaunchedProcess::kill);
    IntStream.range(0, nodes()).forEach(cluster::kill);
  }

  /** The worker's ways to the nodes. */
  List<Tunnel> tunnels(int worker) {
    return tunnels.get(worker);
  }

  private List<Tunnel> tunnels() {
    return IntStream.range(0, cluster.gateways())
        .mapToObj(i -> new Tunnel(() -> node(i).url().getPort()))
        .toList();
  }

  private LaunchedProcess launchWorker(int number) {
    String gateways =
        tunnels.get(number).stream()
            .map(tunnel -> "http://127.0.0.1:" + tunnel.port())
            .collect(Collectors.joining(","));
    return cluster.worker(token, "worker-" + number, gateways);
  }

  private static Path folder(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    workers.forEach(
        worker -> {
          List<ProcessHandle> runtimes = worker.handle().descendants().toList();
          worker.kill();
          runtimes.forEach(ProcessHandle::destroyForcibly);
        });
    cluster.close();
    tunnels.forEach(ways -> ways.forEach(Tunnel::close));
  }
}
