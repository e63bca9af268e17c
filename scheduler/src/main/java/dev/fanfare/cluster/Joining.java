package dev.fanfare.cluster;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import dev.fanfare.protocol.NodeId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Makes a node a member of the cluster it is to join, or says why that cannot be. A node that names
 * nobody to join, or itself among them, may be the first of its cluster; any other must find a
 * member.
 */
final class Joining {
  /** How long others may take to listen, or to let a first member find them. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private static final int CONNECT_MILLIS = 1_000;
  private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();

  private final NodeConfiguration configuration;
  private final NodeId self;
  private final ShardOwner owner;
  private final List<String> others;
  private final boolean mayBeFirst;

  Joining(NodeConfiguration configuration, NodeId self, ShardOwner owner) {
    this.configuration = configuration;
    this.self = self;
    this.owner = owner;
    InetSocketAddress own =
        MemberAddress.socket(configuration.memberHost() + ":" + configuration.memberPort());
    List<String> named = configuration.join();
    this.others =
        named.stream().filter(text -> !MemberAddress.find(text).equals(Optional.of(own))).toList();
    this.mayBeFirst = named.isEmpty() || others.size() < named.size();
  }

  /**
   * The member, in its cluster.
   *
   * @throws NodeException that says in words why not
   */
  HazelcastInstance join() {
    MemberSettings.quieten();
    if (!mayBeFirst && !within(LONGEST_WAIT, this::anyListens)) {
      throw NodeException.nobodyListens(inWords(), LONGEST_WAIT);
    }
    HazelcastInstance hazelcast = start();
    try {
      if (!others.isEmpty() && isAlone(hazelcast)) {
        beFirstOrGiveUp(hazelcast);
      }
      agree(hazelcast);
      return hazelcast;
    } catch (NodeException e) {
      hazelcast.shutdown();
      throw e;
    }
  }

  private HazelcastInstance start() {
    try (Refusals refusals = Refusals.listen()) {
      return start(refusals);
    }
  }

  private HazelcastInstance start(Refusals refusals) {
    HazelcastInstance hazelcast;
    try {
      hazelcast = Hazelcast.newHazelcastInstance(MemberSettings.of(configuration, self, owner));
    } catch (HazelcastException e) {
      throw NodeException.portTaken(configuration.memberHost(), configuration.memberPort(), e);
    } catch (IllegalStateException e) {
      throw refusals.inWords().map(NodeException::refused).orElseGet(() -> notStarted(e));
    }
    Optional<String> refusal = refusals.inWords();
    if (refusal.isPresent() && isAlone(hazelcast)) {
      hazelcast.getLifecycleService().terminate();
      throw NodeException.refused(refusal.get());
    }
    return hazelcast;
  }

  private NodeException notStarted(IllegalStateException cause) {
    return others.isEmpty() ? NodeException.notStarted(cause) : NodeException.strangers(inWords());
  }

  /** Two that start at one moment may find each other a little later. */
  private void beFirstOrGiveUp(HazelcastInstance hazelcast) {
    boolean settled =
        within(LONGEST_WAIT, () -> !isAlone(hazelcast) || mayBeFirst && !anyListens());
    if (!settled) {
      throw NodeException.strangers(inWords());
    }
  }

  private void agree(HazelcastInstance hazelcast) {
    Agreement own = Agreement.of(configuration);
    own.contradictedBy(hazelcast.getCluster())
        .ifPresent(
            other -> {
              throw NodeException.disagrees(other.text(), own.text());
            });
  }

  private boolean anyListens() {
    return others.stream()
        .flatMap(text -> MemberAddress.find(text).stream())
        .anyMatch(Joining::listens);
  }

  private static boolean listens(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isAlone(HazelcastInstance hazelcast) {
    return hazelcast.getCluster().getMembers().size() == 1;
  }

  private static boolean within(Duration longest, BooleanSupplier condition) {
    long end = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  private String inWords() {
    return others.stream()
        .map(text -> MemberAddress.find(text).map(Joining::shown).orElse(text + " (not resolved)"))
        .collect(Collectors.joining(", "));
  }

  private static String shown(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }
}
