package dev.fanfare.gateway;

import dev.fanfare.burst.AllBursts;
import dev.fanfare.burst.Bursts;
import dev.fanfare.metrics.HttpMeters;
import dev.fanfare.metrics.PlatformMetrics;
import dev.fanfare.session.SessionServer;
import dev.fanfare.session.SharedInspection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.atomic.AtomicInteger;

/** The HTTP server of one event loop, with everything that belongs to that loop alone. */
final class Door {
  private static final long CONNECTIONS_LOOK_MILLIS = 1_000;

  private final Platform platform;
  private final HttpServer server;
  private final WaitingCalls waiting;
  private final Connections connections;

  Door(
      Platform platform,
      boolean loopback,
      SessionServer sessions,
      SharedInspection inspection,
      Bursts bursts,
      DialledWorkers dialled,
      AllBursts allBursts,
      PlatformMetrics metrics,
      HttpMeters meters,
      AtomicInteger openConnections) {
    this.platform = platform;
    this.waiting = new WaitingCalls(platform.dispatcher(), platform.clock());
    this.connections =
        new Connections(
            platform.configuration().connections(), openConnections, platform.clock(), meters);
    Access access = new Access(platform.node().keys(), platform.clock());
    Routes routes = new Routes(platform.vertx(), platform, access);
    FunctionCalls calls = new FunctionCalls(platform, access, waiting);
    serve(routes, sessions, metrics);
    new WorkerConnectionResources(dialled, platform.node().workerAddresses()).serve(routes);
    new WorkerConditionResource(platform, inspection).serve(routes);
    new BurstConnection(platform, bursts, calls, connections).serve(routes);
    new BurstResources(platform, allBursts).serve(routes);
    bursts.takeOver(BurstSettings.revival(calls));
    BatchCalls batches = new BatchCalls(platform, access, calls, bursts, connections);
    ChannelCalls channels = new ChannelCalls(calls, access, connections);
    FrontDoor front = new FrontDoor(new Guard(loopback), calls, batches, channels, routes);
    this.server =
        HttpServers.create(platform.vertx(), platform.configuration())
            .connectionHandler(connections::opened)
            .requestHandler(
                request -> {
                  connections.began(request);
                  front.handle(request);
                });
  }

  /** Listens; must be called on the event loop. */
  Future<Integer> open(int port) {
    platform.vertx().setPeriodic(CONNECTIONS_LOOK_MILLIS, look -> connections.look());
    platform.vertx().setPeriodic(WaitingCalls.LOOK_MILLIS, look -> waiting.look());
    return server.listen(port, platform.configuration().host()).map(HttpServer::actualPort);
  }

  /** Answers those who wait and stops listening; may be called from any thread. */
  Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    platform
        .context()
        .runOnContext(
            now -> {
              waiting.shutDown();
              server.close().onComplete(closed);
            });
    return closed.future();
  }

  private void serve(Routes routes, SessionServer sessions, PlatformMetrics metrics) {
    routes.elsewhere("POST", "/function/:reference");
    routes.elsewhere("GET", "/function/:reference");
    routes.elsewhere("POST", "/async-function/:reference");
    routes.elsewhere("POST", "/function/:reference/batch");
    new InvocationResources(platform).serve(routes);
    new LogResource(platform, sessions).serve(routes);
    new FunctionResources(platform).serve(routes);
    new DeployResource(platform, sessions).serve(routes);
    new SharedValueResources(platform).serve(routes);
    new AliasResources(platform).serve(routes);
    new RevisionResources(platform).serve(routes);
    new PauseResources(platform).serve(routes);
    new DeadLetterResources(platform).serve(routes);
    new BackupResource(platform).serve(routes);
    new WorkerResources(platform, sessions).serve(routes);
    new SessionResource(platform, sessions).serve(routes);
    new HealthResources(platform).serve(routes);
    new MetricsResource(platform, metrics).serve(routes);
    new PageResources(platform).serve(routes);
  }
}
