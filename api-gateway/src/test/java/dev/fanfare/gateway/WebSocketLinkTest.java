package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Link;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebSocketLinkTest {
  private final Vertx vertx = Vertx.vertx();
  private final WebSocketClient client =
      vertx.createWebSocketClient(
          new WebSocketClientOptions()
              .setMaxFrameSize(WebSocketLink.MESSAGE_BYTES)
              .setMaxMessageSize(WebSocketLink.MESSAGE_BYTES));

  @AfterEach
  void stop() throws Exception {
    TestGateway.get(client.close());
    TestGateway.get(vertx.close());
  }

  @Test
  void sendsMoreLeasesThanOneMessageHoldsInSeveral() throws Exception {
    int calls = 1_000;
    int warm = 300;
    var heard = new Heard();
    connect(heard).send(new Frame.Leases(leases(calls), warm));

    await().until(() -> heard.leases().size() == calls);
    assertThat(heard.frames).hasSizeGreaterThan(1);
    assertThat(heard.leases()).extracting(lease -> lease.id().low()).isSorted();
    assertThat(heard.frames).extracting(f -> ((Frame.Leases) f).warm()).last().isEqualTo(0);
    assertThat(heard.frames.stream().mapToInt(f -> ((Frame.Leases) f).warm()).sum())
        .isEqualTo(warm);
    assertThat(heard.closed).isNull();
  }

  @Test
  void isCongestedWhileItsPeerDoesNotReadAndSaysWhenThatIsOver() throws Exception {
    var near = new Heard();
    var far = new Heard();
    var opened = new CompletableFuture<io.vertx.core.http.WebSocket>();
    Link link = connect(near, far, opened);
    opened.get(10, TimeUnit.SECONDS).pause();
    Frame chunk = new Frame.Chunk(Sha256.of(new byte[0]), 0, 1L << 30, new byte[Frame.CHUNK_BYTES]);

    int sent = 0;
    while (!link.congested() && sent < 1_000) {
      link.send(chunk);
      sent++;
    }
    int all = sent;
    assertThat(all).isLessThan(1_000);
    opened.get().resume();

    await().until(() -> far.frames.size() == all);
    await().until(() -> near.drained);
    assertThat(link.congested()).isFalse();
  }

  private Link connect(Heard far) throws Exception {
    return connect(new Heard(), far, new CompletableFuture<>());
  }

  /** Connects; returns the gateway's end. */
  private Link connect(
      Heard near, Heard far, CompletableFuture<io.vertx.core.http.WebSocket> opened)
      throws Exception {
    var link = new CompletableFuture<Link>();
    var port = new CompletableFuture<Integer>();
    var context = vertx.getOrCreateContext();
    context.runOnContext(
        now ->
            HttpServers.create(vertx, GatewayConfiguration.DEFAULT)
                .requestHandler(
                    request ->
                        request
                            .toWebSocket()
                            .onSuccess(
                                socket ->
                                    WebSocketLink.open(
                                        socket,
                                        context,
                                        made -> {
                                          link.complete(made);
                                          return near;
                                        })))
                .listen(0, "127.0.0.1")
                .onSuccess(server -> port.complete(server.actualPort())));
    var options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(port.get(10, TimeUnit.SECONDS))
            .setSubProtocols(List.of(WebSocketLink.CBOR));
    var socket = new WorkerSocket(far, false);
    TestGateway.get(
        client
            .connect(options)
            .onSuccess(
                made -> {
                  socket.open(made);
                  opened.complete(made);
                }));
    return link.get(10, TimeUnit.SECONDS);
  }

  private static List<Lease> leases(int count) {
    var revision = new RevisionId(Sha256.of(new byte[0]));
    var payload = new Payload.Inline("application/json", new byte[30 * 1024]);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Lease(
                    InvocationId.of(1, 0, i),
                    1,
                    1,
                    revision,
                    new FunctionName("hold"),
                    payload,
                    1,
                    "",
                    ""))
        .toList();
  }

  /** What one end heard. */
  private static final class Heard implements Link.Listener {
    final List<Frame> frames = new CopyOnWriteArrayList<>();
    volatile String closed;
    volatile boolean drained;

    List<Lease> leases() {
      return frames.stream().flatMap(frame -> ((Frame.Leases) frame).leases().stream()).toList();
    }

    @Override
    public void received(Frame frame) {
      frames.add(frame);
    }

    @Override
    public void drained() {
      drained = true;
    }

    @Override
    public void closed(String reason) {
      closed = reason;
    }
  }
}
