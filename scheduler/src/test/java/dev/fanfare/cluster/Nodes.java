package dev.fanfare.cluster;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Nodes for tests, on loopback and free ports. */
final class Nodes {
  static final String HOST = "127.0.0.1";

  private Nodes() {}

  static SchedulerNode alone(Path data) {
    return SchedulerNode.start(NodeConfiguration.alone(data), Clock.systemUTC());
  }

  /** The first member of a cluster of this name. */
  static SchedulerNode first(Path data, String cluster) {
    return member(data, cluster, List.of());
  }

  /** Another member of the first one's cluster. */
  static SchedulerNode another(Path data, String cluster, SchedulerNode first) {
    return member(data, cluster, List.of(HOST + ":" + first.memberPort()));
  }

  private static SchedulerNode member(Path data, String cluster, List<String> join) {
    return SchedulerNode.start(
        NodeConfiguration.alone(data).member(HOST, 0, join, cluster), Clock.systemUTC());
  }
}
