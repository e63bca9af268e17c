package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.FrameCodec;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SessionResourceTest {
  @TempDir static Path folder;
  static TestGateway platform;

  /** Held, because Vert.x closes the sockets of a client that nobody holds. */
  static io.vertx.core.http.WebSocketClient client;

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    client =
        platform.vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxFrameSize(2 << 20)
                .setMaxMessageSize(WebSocketLink.MESSAGE_BYTES));
  }

  @AfterAll
  static void stop() throws Exception {
    platform.close();
  }

  @Test
  void opensForAJoinToken() throws Exception {
    WebSocket socket = open(platform.key(TenantId.DEFAULT, Scope.JOIN), WebSocketLink.CBOR);
    var heard = new CopyOnWriteArrayList<Frame>();
    socket.binaryMessageHandler(m -> heard.add(FrameCodec.readCbor(m.getBytes(), 0, m.length())));
    var hello =
        new Frame.Hello(1, ScriptedWorker.profile("joiner", Map.of()), Optional.empty(), List.of());
    socket.writeBinaryMessage(Buffer.buffer(FrameCodec.cbor(hello)));

    await().until(() -> heard.stream().anyMatch(Frame.Welcome.class::isInstance));
    assertThat(((Frame.Welcome) heard.getFirst()).credential()).isPresent();
    assertThat(platform.get("/v1/workers").body()).contains("joiner");
    socket.close();
  }

  @Test
  void refusesOtherKeysBeforeTheSocketOpens() {
    for (Scope scope : List.of(Scope.VIEWER, Scope.ADMIN)) {
      assertThatThrownBy(() -> open(platform.key(TenantId.DEFAULT, scope), WebSocketLink.CBOR))
          .hasCauseInstanceOf(UpgradeRejectedException.class)
          .hasMessageContaining("403");
    }
    assertThatThrownBy(() -> open("ff_none_none", WebSocketLink.CBOR)).hasMessageContaining("401");
  }

  @Test
  void asksForAnUpgrade() throws Exception {
    var answer =
        platform.send(
            java.net.http.HttpRequest.newBuilder(platform.uri("/v1/session"))
                .header("Authorization", "Bearer " + platform.key(TenantId.DEFAULT, Scope.WORKER)));

    assertThat(answer.statusCode()).isEqualTo(426);
  }

  @Test
  void saysWhatWasWrongWithAFrame() throws Exception {
    WebSocket socket = open(platform.key(TenantId.DEFAULT, Scope.WORKER), WebSocketLink.JSON);
    assertThat(socket.subProtocol()).isEqualTo(WebSocketLink.JSON);
    var heard = new CopyOnWriteArrayList<Frame>();
    socket.textMessageHandler(
        m -> heard.add(FrameCodec.readJson(m.getBytes(StandardCharsets.UTF_8))));
    socket.writeTextMessage("{\"t\":\"hello\",\"slots\":\"nonsense\"}");

    await().until(socket::isClosed);
    assertThat(heard).singleElement().isInstanceOf(Frame.Bye.class);
    assertThat(socket.closeStatusCode()).isEqualTo((short) 1002);
  }

  @Test
  void refusesTheOtherKindOfMessage() throws Exception {
    WebSocket socket = open(platform.key(TenantId.DEFAULT, Scope.WORKER), WebSocketLink.CBOR);
    socket.writeTextMessage("{}");

    await().until(socket::isClosed);
    assertThat(socket.closeStatusCode()).isEqualTo((short) 1003);
  }

  @Test
  void disconnectsWhoeverSendsTooLargeAMessage() throws Exception {
    WebSocket socket = open(platform.key(TenantId.DEFAULT, Scope.WORKER), WebSocketLink.CBOR);
    for (int i = 0; i < 20 && !socket.isClosed(); i++) {
      Buffer megabyte = Buffer.buffer(new byte[1 << 20]);
      socket.writeFrame(
          i == 0
              ? io.vertx.core.http.WebSocketFrame.binaryFrame(megabyte, false)
              : io.vertx.core.http.WebSocketFrame.continuationFrame(megabyte, false));
    }

    await().until(socket::isClosed);
  }

  private static WebSocket open(String key, String subprotocol) throws Exception {
    var options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(platform.gateway.port())
            .setURI("/v1/session")
            .addHeader("Authorization", "Bearer " + key)
            .setSubProtocols(List.of(subprotocol));
    return TestGateway.get(client.connect(options));
  }
}
