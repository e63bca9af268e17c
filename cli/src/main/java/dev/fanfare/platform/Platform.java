package dev.fanfare.platform;

import dev.fanfare.cluster.NodeException;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.dispatch.DispatchMeters;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.gateway.Gateway;
import dev.fanfare.gateway.GatewayConfiguration;
import dev.fanfare.gateway.GatewayException;
import dev.fanfare.key.Keys;
import dev.fanfare.ledger.LedgerException;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.worker.WorkerAgent;
import dev.fanfare.worker.WorkerConfiguration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler node, a gateway and perhaps a worker in this process, started and stopped as one.
 * Blocks; not for event loops.
 */
public final class Platform implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final SchedulerNode node;
  private final Vertx vertx;
  private final Traffic traffic;
  private final Optional<WorkerAgent> worker;

  private Platform(SchedulerNode node, Vertx vertx, Traffic traffic, Optional<WorkerAgent> worker) {
    this.node = node;
    this.vertx = vertx;
    this.traffic = traffic;
    this.worker = worker;
  }

  /** Who carries what the node's shards say: a gateway, or in a node without one the dispatcher. */
  private sealed interface Traffic {
    record Front(Gateway gateway, String url) implements Traffic {}

    record Back(Dispatcher dispatcher) implements Traffic {}
  }

  /**
   * Starts all parts; returns once the gateway answers and the worker is connected.
   *
   * @throws CommandException in words, with everything stopped that had started
   */
  public static Platform start(PlatformConfiguration configuration, Phases phases) {
    CompletableFuture<Vertx> loops = background(EventLoops::start);
    SchedulerNode node = null;
    Platform platform = null;
    try {
      configuration.gateway().ifPresent(Gateway::check);
      node = SchedulerNode.start(configuration.node(), Clock.systemUTC());
      phases.done("ledger and queue");
      adopt(configuration.keys(), node.keys());
      Vertx vertx = loops.join();
      Traffic traffic = traffic(configuration, vertx, node);
      phases.done("gateway");
      Optional<WorkerAgent> worker =
          traffic instanceof Traffic.Front(Gateway gateway, String _)
              ? configuration.worker().map(own -> startWorker(own, vertx, gateway))
              : Optional.empty();
      platform = new Platform(node, vertx, traffic, worker);
      platform.awaitWorker();
      phases.done("worker");
      return platform;
    } catch (RuntimeException e) {
      if (platform != null) {
        platform.close();
      } else {
        stop(loops, node);
      }
      throw inWords(e);
    }
  }

  private static void adopt(List<KnownKey> known, Keys keys) {
    known.forEach(key -> keys.adopt(TenantId.DEFAULT, key.scope(), key.name(), key.text()));
  }

  /** On the event loop of the gateway's sessions, so that no call changes threads between them. */
  private static WorkerAgent startWorker(WorkerConfiguration own, Vertx vertx, Gateway gateway) {
    return WorkerAgent.start(own, gateway.sessionContext(), new InProcessDialer(vertx, gateway));
  }

  private static Traffic traffic(
      PlatformConfiguration configuration, Vertx vertx, SchedulerNode node) {
    if (configuration.gateway().isEmpty()) {
      var meters = new DispatchMeters(new SimpleMeterRegistry());
      return new Traffic.Back(new Dispatcher(vertx.getOrCreateContext(), node, meters));
    }
    GatewayConfiguration front = configuration.gateway().get();
    Gateway gateway = await(Gateway.start(front, vertx, node), START_LIMIT);
    return new Traffic.Front(gateway, configuration.url(gateway.port()));
  }

  /** Where this machine reaches the gateway, of which there must be one. */
  public String url() {
    if (traffic instanceof Traffic.Front(Gateway _, String url)) {
      return url;
    }
    throw new IllegalStateException("this node has no gateway");
  }

  /** Whether there is a gateway. */
  public boolean answersHttp() {
    return traffic instanceof Traffic.Front;
  }

  /** Whether no other node is in the cluster now. */
  public boolean alone() {
    return node.mail().others().isEmpty();
  }

  /** Whether its member of the cluster runs. */
  public boolean running() {
    return node.hazelcast().getLifecycleService().isRunning();
  }

  /** The platform's keys. */
  public Keys keys() {
    return node.keys();
  }

  /** The port that other members of the cluster reach. */
  public int memberPort() {
    return node.memberPort();
  }

  /**
   * Lets the worker of this process finish what it runs and take no more.
   *
   * @return whether all of it ended in time
   */
  public boolean drain(Duration atMost) {
    if (worker.isEmpty()) {
      return true;
    }
    try {
      await(worker.get().drain(atMost), atMost.plus(CLOSE_LIMIT));
      return true;
    } catch (CommandException e) {
      return false;
    }
  }

  /** Stops worker, gateway and node, in this order; callers that wait are answered. */
  @Override
  public void close() {
    Logging.stopping();
    try (node) {
      worker.ifPresent(agent -> settle(agent.close()));
      settle(
          switch (traffic) {
            case Traffic.Front(Gateway gateway, String _) -> gateway.close();
            case Traffic.Back(Dispatcher dispatcher) -> dispatcher.close();
          });
      settle(vertx.close());
    }
  }

  private void awaitWorker() {
    worker.ifPresent(agent -> await(agent.connected(), START_LIMIT));
  }

  private static void stop(CompletableFuture<Vertx> loops, @Nullable SchedulerNode node) {
    Logging.stopping();
    try (node) {
      settle(loops.join().close());
    }
  }

  private static <T> CompletableFuture<T> background(Supplier<T> work) {
    return CompletableFuture.supplyAsync(
        work, task -> Thread.ofPlatform().name("fanfare-start").start(task));
  }

  private static void settle(Future<?> future) {
    try {
      await(future, CLOSE_LIMIT);
    } catch (RuntimeException e) {
      System.getLogger(Platform.class.getName())
          .log(System.Logger.Level.WARNING, "a part of the platform did not stop as it should", e);
    }
  }

  private static <T> T await(Future<T> future, Duration limit) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (TimeoutException e) {
      throw CommandException.platform("no answer within " + limit.toSeconds() + " s").causedBy(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.interrupted();
    }
  }

  private static RuntimeException inWords(RuntimeException e) {
    Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    String message = String.valueOf(cause.getMessage());
    return switch (cause) {
      case CommandException told -> told;
      case LedgerException _, NodeException _, GatewayException _, UncheckedIOException _ ->
          CommandException.platform(message).causedBy(cause);
      case IllegalArgumentException _ -> CommandException.usage(message).causedBy(cause);
      default -> e;
    };
  }
}
