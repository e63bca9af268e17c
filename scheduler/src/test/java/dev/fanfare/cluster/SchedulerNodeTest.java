package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.key.Issued;
import dev.fanfare.key.Scope;
import dev.fanfare.ledger.LedgerException;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.TenantId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerNodeTest {
  @TempDir private Path data;

  @Test
  void aRestartedNodeFindsWhatItKept() {
    Issued key;
    try (SchedulerNode node = Nodes.alone(data)) {
      key = node.keys().issue(TenantId.DEFAULT, Scope.ADMIN, "first", Optional.empty());
      node.blobs().put(new byte[] {1, 2, 3});
    }
    try (SchedulerNode node = Nodes.alone(data)) {
      assertThat(node.keys().authenticate(key.text())).isPresent();
      assertThat(node.blobs().has(dev.fanfare.protocol.Sha256.of(new byte[] {1, 2, 3}))).isTrue();
    }
  }

  @Test
  void aRestartedNodeIsTheSameNode() {
    NodeId id;
    try (SchedulerNode node = Nodes.alone(data)) {
      id = node.id();
    }
    try (SchedulerNode node = Nodes.alone(data);
        SchedulerNode other = Nodes.alone(data.resolve("other"))) {
      assertThat(node.id()).isEqualTo(id).isNotEqualTo(other.id());
    }
  }

  @Test
  void twoNodesDoNotShareADataFolder() {
    try (SchedulerNode _ = Nodes.alone(data)) {
      assertThatThrownBy(() -> Nodes.alone(data))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("in use");
    }
    Nodes.alone(data).close();
  }

  @Test
  void aTakenMemberPortIsNamedAndTheFolderIsLeftFree() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      var configuration =
          NodeConfiguration.alone(data).member(Nodes.HOST, port, List.of(), "taken");
      assertThatThrownBy(() -> SchedulerNode.start(configuration, Clock.systemUTC()))
          .isInstanceOf(NodeException.class)
          .hasMessageContaining(String.valueOf(port));
    }
    Nodes.alone(data).close();
  }

  @Test
  void theMemberListensOnItsAddressAlone() {
    try (SchedulerNode node = Nodes.alone(data)) {
      var address = node.hazelcast().getCluster().getLocalMember().getSocketAddress();
      assertThat(address.getAddress().isLoopbackAddress()).isTrue();
      assertThat(address.getPort()).isEqualTo(node.memberPort()).isPositive();
    }
  }
}
