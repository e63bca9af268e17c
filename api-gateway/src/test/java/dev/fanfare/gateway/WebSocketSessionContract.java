package dev.fanfare.gateway;

import dev.fanfare.frame.Link;
import dev.fanfare.key.Principal;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.session.SessionContract;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Sessions over a WebSocket through the gateway's own server, in one encoding or the other. */
abstract class WebSocketSessionContract extends SessionContract {
  private final Vertx clients = Vertx.vertx();
  private final Map<String, Principal> principals = new ConcurrentHashMap<>();
  private final String subprotocol;
  private WebSocketClient client;
  private HttpServer server;

  WebSocketSessionContract(String subprotocol) {
    this.subprotocol = subprotocol;
  }

  @BeforeAll
  void listen() throws Exception {
    var options =
        new WebSocketClientOptions()
            .setMaxFrameSize(WebSocketLink.MESSAGE_BYTES)
            .setMaxMessageSize(WebSocketLink.MESSAGE_BYTES)
            .setMaxConnections(1_000);
    client = clients.createWebSocketClient(options);
    var opened = new java.util.concurrent.CompletableFuture<HttpServer>();
    context()
        .runOnContext(
            now ->
                HttpServers.create(context().owner(), GatewayConfiguration.DEFAULT)
                    .requestHandler(
                        request ->
                            request
                                .toWebSocket()
                                .onSuccess(
                                    socket ->
                                        WebSocketLink.open(
                                            socket,
                                            context(),
                                            link ->
                                                sessions()
                                                    .accept(link, principals.get(request.path())))))
                    .listen(0, "127.0.0.1")
                    .onComplete(listening -> opened.complete(listening.result())));
    server = opened.get(10, TimeUnit.SECONDS);
  }

  @AfterAll
  void stopListening() throws Exception {
    TestGateway.get(clients.close());
  }

  @Override
  protected Link connect(ScriptedWorker worker, Principal principal) {
    String path = "/" + UUID.randomUUID();
    principals.put(path, principal);
    var options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(server.actualPort())
            .setURI(path)
            .setSubProtocols(List.of(subprotocol));
    var link = new WorkerSocket(worker, subprotocol.equals(WebSocketLink.JSON));
    Future<WebSocket> connected = client.connect(options).onSuccess(link::open);
    try {
      TestGateway.get(connected);
    } catch (Exception e) {
      throw new AssertionError("cannot connect", e);
    }
    return link;
  }
}
