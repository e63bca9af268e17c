package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, and what who is not is told. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class JoiningTest {
  private static final String KEY = "a-key-of-the-cluster";

  @TempDir private Path data;
  private SchedulerNode first;

  @BeforeEach
  void start() {
    first = start(founder("1"));
  }

  @AfterEach
  void close() {
    first.close();
  }

  @Test
  void aNodeWithTheKeyIsLetIn() {
    try (SchedulerNode second = start(joining("2"))) {
      assertThat(second.mail().others()).containsExactly(first.id());
    }
  }

  @Test
  void aNameThatDoesNotResolveIsOneOfANodeThatIsDown() {
    var other = named("2", 0, List.of("nowhere.invalid", address(first)));
    try (SchedulerNode second = start(other)) {
      assertThat(second.mail().others()).containsExactly(first.id());
    }
  }

  @Test
  void whereNoNameResolvesThatIsSaid() {
    assertRefused(named("2", 0, List.of("nowhere.invalid")), "nowhere.invalid", "not resolved");
  }

  @Test
  void aNodeWithAnotherKeyIsRefused() {
    assertRefused(joining("2").key("a-key-of-another-one"), "of another cluster", "--cluster");
  }

  @Test
  void aNodeOfAnotherClusterIsRefused() {
    var stranger = NodeConfiguration.alone(data.resolve("2")).key(KEY);
    assertRefused(
        stranger.member(Nodes.HOST, 0, List.of(address(first)), "others"), "of another cluster");
  }

  @Test
  void aNodeWithoutAKeyIsRefused() {
    var stranger = NodeConfiguration.alone(data.resolve("2"));
    assertRefused(
        stranger.member(Nodes.HOST, 0, List.of(address(first)), "joining"), "of another cluster");
  }

  @Test
  void aNodeWithAnotherNumberOfShardsIsRefused() {
    assertRefused(joining("2").shards(64, 1), "32 shards", "64", "--shards 32");
  }

  @Test
  void aNodeWithAnotherNumberOfBackupsIsRefused() {
    assertRefused(joining("2").shards(32, 2), "--backup-count 1", "--backup-count 2");
  }

  @Test
  void whereSomethingElseListensThatIsSaid() throws IOException {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String there = Nodes.HOST + ":" + other.getLocalPort();
      assertRefused(named("2", 0, List.of(there)), there, "does not take this node in");
    }
  }

  @Test
  void whereNobodyListensThatIsSaid() throws IOException {
    String nobody = Nodes.HOST + ":" + freePort();
    assertRefused(named("2", 0, List.of(nobody)), "nobody listens at " + nobody);
  }

  @Test
  void aNodeThatNamesItselfMayBeTheFirst() throws IOException {
    int own = freePort();
    List<String> all = List.of(Nodes.HOST + ":" + freePort(), Nodes.HOST + ":" + own);
    try (SchedulerNode node = start(named("2", own, all))) {
      assertThat(node.mail().others()).isEmpty();
    }
  }

  @Test
  void aNodeWithoutShardsIsLetInAndHoldsNone() {
    try (SchedulerNode gateway = start(joining("2").withoutShards())) {
      assertThat(gateway.shards().local()).isEmpty();
      assertThat(gateway.shards().near()).hasSize(32);
      assertThat(first.shards().local()).hasSize(32);
    }
  }

  private void assertRefused(NodeConfiguration configuration, String... words) {
    assertThatThrownBy(() -> start(configuration).close())
        .isInstanceOf(NodeException.class)
        .hasMessageContainingAll(words);
    await().until(() -> first.mail().others().isEmpty());
  }

  private NodeConfiguration founder(String folder) {
    return named(folder, 0, List.of());
  }

  private NodeConfiguration joining(String folder) {
    return named(folder, 0, List.of(address(first)));
  }

  private NodeConfiguration named(String folder, int port, List<String> join) {
    return NodeConfiguration.alone(data.resolve(folder))
        .member(Nodes.HOST, port, join, "joining")
        .key(KEY);
  }

  private static SchedulerNode start(NodeConfiguration configuration) {
    return SchedulerNode.start(configuration, Clock.systemUTC());
  }

  private static String address(SchedulerNode node) {
    return Nodes.HOST + ":" + node.memberPort();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
