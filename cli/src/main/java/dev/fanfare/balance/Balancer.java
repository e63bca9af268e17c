package dev.fanfare.balance;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Passes TCP connections on to whichever gateway is ready and has the fewest, whatever they speak:
 * HTTP, WebSockets, TLS. A gateway that cannot be connected to is passed over at once; one that
 * falls silent loses its connections, so that callers notice and come back to another.
 */
public final class Balancer {
  private static final int CONNECT_MILLIS = 2_000;
  private static final long LOOK_MILLIS = 1_000;

  private final Context context;
  private final List<Backend> backends;
  private final NetServer server;
  private final NetClient client;
  private int turn;
  private volatile boolean anyReady = true;

  private Balancer(Context context, List<URI> gateways) {
    this.context = context;
    Vertx vertx = context.owner();
    this.backends = gateways.stream().map(url -> new Backend(vertx, url)).toList();
    this.server = vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true));
    this.client =
        vertx.createNetClient(
            new NetClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpNoDelay(true));
  }

  /** One that listens; succeeds with it once it does. It ends with its Vert.x. */
  public static Future<Balancer> start(Vertx vertx, String host, int port, List<URI> gateways) {
    Context context = vertx.getOrCreateContext();
    var balancer = new Balancer(context, gateways);
    return Future.future(
        promise ->
            context.runOnContext(
                begin -> balancer.listen(host, port).<Balancer>map(balancer).onComplete(promise)));
  }

  /** The port it got. */
  public int port() {
    return server.actualPort();
  }

  /** Whether a gateway is ready. */
  public boolean ready() {
    return anyReady;
  }

  private Future<NetServer> listen(String host, int port) {
    context.owner().setPeriodic(LOOK_MILLIS, tick -> look());
    return server.connectHandler(this::accept).listen(port, host);
  }

  private void look() {
    Future.join(backends.stream().map(Backend::look).toList())
        .onComplete(all -> anyReady = backends.stream().anyMatch(Backend::ready));
  }

  private void accept(NetSocket caller) {
    caller.pause();
    connect(caller, inOrder());
  }

  /** Those that are ready first, those with the fewest connections first, in turn if equal. */
  private Deque<Backend> inOrder() {
    turn = (turn + 1) % backends.size();
    var turned = new ArrayDeque<Backend>();
    for (int i = 0; i < backends.size(); i++) {
      turned.add(backends.get((turn + i) % backends.size()));
    }
    return turned.stream()
        .sorted(
            Comparator.comparingInt((Backend backend) -> backend.ready() ? 0 : 1)
                .thenComparingInt(Backend::load))
        .collect(ArrayDeque::new, ArrayDeque::add, ArrayDeque::addAll);
  }

  private void connect(NetSocket caller, Deque<Backend> candidates) {
    Backend backend = candidates.poll();
    if (backend == null) {
      caller.close();
      return;
    }
    client
        .connect(backend.port(), backend.host())
        .onSuccess(gateway -> join(caller, gateway, backend))
        .onFailure(
            failure -> {
              backend.unreachable();
              connect(caller, candidates);
            });
  }

  private static void join(NetSocket caller, NetSocket gateway, Backend backend) {
    backend.connected(caller);
    caller.closeHandler(
        closed -> {
          backend.disconnected(caller);
          gateway.close();
        });
    gateway.closeHandler(closed -> caller.close());
    var _ = caller.pipeTo(gateway);
    var _ = gateway.pipeTo(caller);
  }
}
