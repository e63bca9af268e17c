package dev.fanfare.gateway;

import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.dispatch.Dispatcher;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * What the resources work with on one event loop.
 *
 * @param context the event loop that owns the connections
 * @param dispatching the event loop on which the dispatcher answers; the same one, or another
 * @param disk runs what blocks: disk and SQL
 */
record Platform(
    GatewayConfiguration configuration,
    Vertx vertx,
    SchedulerNode node,
    Dispatcher dispatcher,
    Context dispatching,
    Context context,
    Executor disk,
    InvocationAnswer answers,
    InstantSource clock) {

  /**
   * Runs it on the connections' event loop; at once where the dispatcher answers on the same one.
   */
  void onContext(Runnable work) {
    if (context.equals(dispatching)) {
      work.run();
    } else {
      context.runOnContext(hop -> work.run());
    }
  }
}
