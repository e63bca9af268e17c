package dev.fanfare.platform;

import dev.fanfare.cluster.NodeException;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.gateway.Gateway;
import dev.fanfare.gateway.GatewayException;
import dev.fanfare.key.Keys;
import dev.fanfare.ledger.LedgerException;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.worker.WorkerAgent;
import dev.fanfare.worker.WorkerConfiguration;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
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
  private final Gateway gateway;
  private final Optional<WorkerAgent> worker;
  private final String url;

  private Platform(
      SchedulerNode node, Vertx vertx, Gateway gateway, Optional<WorkerAgent> worker, String url) {
    this.node = node;
    this.vertx = vertx;
    this.gateway = gateway;
    this.worker = worker;
    this.url = url;
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
      Gateway.check(configuration.gateway());
      node = SchedulerNode.start(configuration.node(), Clock.systemUTC());
      phases.done("ledger and queue");
      Vertx vertx = loops.join();
      Gateway gateway = await(Gateway.start(configuration.gateway(), vertx, node), START_LIMIT);
      phases.done("gateway");
      Optional<WorkerAgent> worker =
          configuration.worker().map(own -> startWorker(own, vertx, gateway));
      platform = new Platform(node, vertx, gateway, worker, configuration.url(gateway.port()));
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

  /** On the event loop of the gateway's sessions, so that no call changes threads between them. */
  private static WorkerAgent startWorker(WorkerConfiguration own, Vertx vertx, Gateway gateway) {
    return WorkerAgent.start(own, gateway.sessionContext(), new InProcessDialer(vertx, gateway));
  }

  /** Where this machine reaches the gateway. */
  public String url() {
    return url;
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
      settle(gateway.close());
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
