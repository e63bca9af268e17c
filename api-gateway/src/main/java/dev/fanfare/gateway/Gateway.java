package dev.fanfare.gateway;

import dev.fanfare.burst.AllBursts;
import dev.fanfare.burst.Bursts;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.dispatch.BacklogLimits;
import dev.fanfare.dispatch.DispatchMeters;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.metrics.HttpMeters;
import dev.fanfare.metrics.PlatformMetrics;
import dev.fanfare.session.SessionServer;
import dev.fanfare.session.SharedInspection;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP front door of one node: calls, management, worker sessions. Thread-safe. Owns its
 * dispatcher and sessions; neither the node nor Vert.x, which outlive it.
 */
public final class Gateway {
  private final GatewayConfiguration configuration;
  private final Vertx vertx;
  private final SchedulerNode node;
  private final boolean loopback;
  private final PlatformMetrics metrics = new PlatformMetrics();
  private final AtomicInteger openConnections = new AtomicInteger();
  private final HttpMeters httpMeters = new HttpMeters(metrics.registry(), openConnections::get);
  private final Executor disk =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("gateway-disk-", 0).factory());
  private final List<String> deployments = new CopyOnWriteArrayList<>();
  private final List<Door> doors = new CopyOnWriteArrayList<>();

  private final AtomicBoolean closing = new AtomicBoolean();
  private final Promise<Void> closed = Promise.promise();

  private volatile @Nullable Dispatching dispatching;
  private volatile int port;

  /** What the first event loop makes for all of them. */
  private record Dispatching(
      Context context,
      Dispatcher dispatcher,
      SessionServer sessions,
      SharedInspection inspection,
      Bursts bursts,
      AllBursts all,
      DialledWorkers dialled) {}

  private Gateway(
      GatewayConfiguration configuration, Vertx vertx, SchedulerNode node, boolean loopback) {
    this.configuration = configuration;
    this.vertx = vertx;
    this.node = node;
    this.loopback = loopback;
  }

  /**
   * Starts to listen. The future fails with a {@link GatewayException} that says in words why that
   * cannot be: a public address without TLS, a port that is taken, a certificate that cannot be
   * read.
   */
  public static Future<Gateway> start(
      GatewayConfiguration configuration, Vertx vertx, SchedulerNode node) {
    return vertx
        .executeBlocking(() -> checked(configuration))
        .compose(
            loopback -> {
              var gateway = new Gateway(configuration, vertx, node, Boolean.TRUE.equals(loopback));
              return gateway.open();
            });
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Where workers' sessions end; for links that do not come over the network. */
  public SessionServer sessions() {
    return opened().sessions();
  }

  /** How many connections are open. */
  int connections() {
    return openConnections.get();
  }

  /** The event loop that sessions belong to. */
  public Context sessionContext() {
    return opened().context();
  }

  /** Answers callers that wait with 503, says good-bye to workers, and stops listening. */
  public Future<Void> close() {
    if (!closing.compareAndSet(false, true)) {
      return closed.future();
    }
    stopBursts()
        .transform(ended -> Future.join(doors.stream().map(Door::close).toList()))
        .transform(doorsClosed -> stopDispatching())
        .transform(stopped -> Future.join(deployments.stream().map(vertx::undeploy).toList()))
        .onComplete(
            done -> {
              metrics.close();
              closed.complete();
            });
    return closed.future();
  }

  private Future<Void> stopBursts() {
    Dispatching made = dispatching;
    return made == null ? Future.succeededFuture() : made.bursts().shutDown();
  }

  private Future<Void> stopDispatching() {
    Dispatching made = dispatching;
    if (made == null) {
      return Future.succeededFuture();
    }
    made.dialled().close();
    made.sessions().close();
    return made.dispatcher().close();
  }

  /**
   * Whether it could start as far as that can be told beforehand; resolves the host's name.
   *
   * @throws GatewayException in words, if it could not
   */
  public static void check(GatewayConfiguration configuration) {
    checked(configuration);
  }

  private static boolean checked(GatewayConfiguration configuration) {
    boolean loopback = configuration.loopback();
    Optional<GatewayConfiguration.Tls> tls = configuration.tls();
    if (!loopback && tls.isEmpty() && !configuration.insecure()) {
      throw GatewayException.unprotected(configuration.host());
    }
    tls.ifPresent(
        files -> {
          requireReadable(files, files.certificate());
          requireReadable(files, files.key());
        });
    return loopback;
  }

  private static void requireReadable(GatewayConfiguration.Tls tls, Path file) {
    if (!Files.isReadable(file)) {
      throw GatewayException.badCertificate(
          tls, new IllegalArgumentException(file + " is missing or not readable"));
    }
  }

  private Future<Gateway> open() {
    int shared = sharedPort();
    Future<Void> opened = deploy(context -> first(context, shared));
    for (int i = 1; i < configuration.eventLoops(); i++) {
      opened = opened.compose(before -> deploy(context -> open(context, shared)));
    }
    return opened
        .map(this)
        .recover(failure -> close().transform(closed -> Future.failedFuture(inWords(failure))));
  }

  /** To Vert.x a negative port is any free one, the same for all who name the same number. */
  private int sharedPort() {
    return configuration.port() == 0
        ? -ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE)
        : configuration.port();
  }

  private Future<Void> deploy(Deployable eventLoop) {
    return vertx.deployVerticle(eventLoop).onSuccess(deployments::add).mapEmpty();
  }

  private Future<Door> first(Context context, int shared) {
    var dispatcher =
        new Dispatcher(
            context,
            node,
            BacklogLimits.accepting(configuration.acceptedLimit()),
            new DispatchMeters(metrics.registry()));
    metrics.registry().gauge("fanfare.ledger.damaged.rows", node, SchedulerNode::damagedRows);
    var sessions = new SessionServer(dispatcher, node, configuration.resultLimitBytes());
    var inspection = SharedInspection.start(sessions, dispatcher, node.neighbours());
    var bursts = new Bursts(dispatcher, node, disk, InstantSource.system());
    var all = new AllBursts(bursts, node, disk);
    var dialled = new DialledWorkers(context, sessions, node.workerAddresses(), node.keys(), disk);
    dispatching = new Dispatching(context, dispatcher, sessions, inspection, bursts, all, dialled);
    return open(context, shared);
  }

  private Future<Door> open(Context context, int wanted) {
    Dispatching made = opened();
    var platform =
        new Platform(
            configuration,
            vertx,
            node,
            made.dispatcher(),
            made.context(),
            context,
            disk,
            new InvocationAnswer(node.blobs(), context, disk, made.dispatcher()::ranIn),
            InstantSource.system());
    var door =
        new Door(
            platform,
            loopback,
            made.sessions(),
            made.inspection(),
            made.bursts(),
            made.dialled(),
            made.all(),
            metrics,
            httpMeters,
            openConnections);
    return door.open(wanted)
        .map(
            actual -> {
              port = actual;
              doors.add(door);
              return door;
            });
  }

  private Dispatching opened() {
    Dispatching made = dispatching;
    if (made == null) {
      throw new IllegalStateException("the gateway is not open");
    }
    return made;
  }

  private Throwable inWords(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      // The native transport has an exception of its own.
      boolean taken = String.valueOf(cause.getMessage()).contains("Address already in use");
      if (taken || cause instanceof BindException) {
        return taken
            ? GatewayException.portTaken(configuration.host(), configuration.port(), failure)
            : GatewayException.cannotListen(configuration.host(), configuration.port(), cause);
      }
    }
    return failure instanceof GatewayException
        ? failure
        : configuration
            .tls()
            .<Throwable>map(tls -> GatewayException.badCertificate(tls, failure))
            .orElseGet(
                () ->
                    GatewayException.cannotListen(
                        configuration.host(), configuration.port(), failure));
  }
}
