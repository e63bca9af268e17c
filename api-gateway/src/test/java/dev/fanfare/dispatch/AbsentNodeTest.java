package dev.fanfare.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.protocol.InvocationId;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that name each other, were both down, and of which one is not back yet. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class AbsentNodeTest {
  private static final String KEY = "an order";

  @TempDir private Path data;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    TwoNodesTest.get(vertx.close());
  }

  @Test
  void aKeyThatOnlyTheAbsentNodeKnowsIsNotTakenForANewOne() throws Exception {
    List<Integer> ports = List.of(freePort(), freePort());
    InvocationId stood;
    try (SchedulerNode _ = start(ports, 0);
        SchedulerNode second = start(ports, 1)) {
      Dispatcher dispatcher = dispatcher(second);
      stood = TwoNodesTest.submitOnce(dispatcher, second, KEY).get(30, TimeUnit.SECONDS);
      TwoNodesTest.get(dispatcher.close());
    }

    try (SchedulerNode first = start(ports, 0)) {
      Dispatcher dispatcher = dispatcher(first);
      var meanwhile = TwoNodesTest.submitOnce(dispatcher, first, KEY);
      assertThatThrownBy(() -> meanwhile.get(30, TimeUnit.SECONDS))
          .hasMessageContaining("not back yet");

      try (SchedulerNode second = start(ports, 1)) {
        Dispatcher other = dispatcher(second);
        assertThat(TwoNodesTest.submitOnce(dispatcher, first, KEY).get(30, TimeUnit.SECONDS))
            .as("once the node that has the key is back")
            .isEqualTo(stood);
        TwoNodesTest.get(other.close());
      }
      TwoNodesTest.get(dispatcher.close());
    }
  }

  private Dispatcher dispatcher(SchedulerNode node) {
    return new Dispatcher(vertx.getOrCreateContext(), node, TwoNodesTest.meters());
  }

  private SchedulerNode start(List<Integer> ports, int index) {
    List<String> named = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    return SchedulerNode.start(
        NodeConfiguration.alone(data.resolve("node-" + index))
            .member("127.0.0.1", ports.get(index), named, "absent"),
        Clock.systemUTC());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
