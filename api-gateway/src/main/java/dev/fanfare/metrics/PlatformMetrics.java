package dev.fanfare.metrics;

import dev.fanfare.dispatch.WorkerView;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.shard.ShardCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The platform's figures in Prometheus' text format. What the shards count is taken at the moment
 * of a scrape, so that in one scrape {@code fanfare_invocations_accepted_total} is exactly the sum
 * of {@code fanfare_invocations_scheduled}, {@code _queued}, {@code _running} and {@code
 * _ended_total} over all its codes. Thread-safe.
 */
public final class PlatformMetrics implements AutoCloseable {
  private static final int MOST_FUNCTIONS = 1_000;
  private static final int MOST_WORKERS = 1_000;
  private static final ShardCounts NOTHING =
      new ShardCounts(0, 0, 0, 0, 0, 0, Map.of(), 0, 0, 0, 0, 0, Map.of());

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MultiGauge queuedByFunction =
      multi("fanfare.queue.depth", "Waiting invocations by function");
  private final MultiGauge slots = multi("fanfare.worker.slots", "Slots of a connected worker");
  private final MultiGauge free =
      multi("fanfare.worker.free", "Invocations a connected worker would take");
  private final MultiGauge running =
      multi("fanfare.worker.running", "Leases a connected worker holds");
  private final MultiGauge runtimes =
      multi("fanfare.worker.runtimes", "Runtimes of a connected worker");

  private volatile ShardCounts counts = NOTHING;
  private volatile double oldestSeconds;
  private volatile int workers;

  /** Registers what the shards count. */
  public PlatformMetrics() {
    counter("fanfare.invocations.accepted", "Invocations accepted", c -> c.accepted());
    counter("fanfare.invocations.leased", "Leases granted", c -> c.leased());
    counter("fanfare.invocations.retried", "Attempts after the first", c -> c.retried());
    ended("succeeded", c -> c.succeeded());
    ended("cancelled", c -> c.cancelled());
    for (FailureCode code : FailureCode.values()) {
      ended(code.code(), c -> c.failed().getOrDefault(code, 0L));
    }
    gauge(
        "fanfare.invocations.scheduled",
        "Invocations that wait for their time",
        c -> c.scheduled());
    gauge("fanfare.invocations.queued", "Invocations that wait for a worker", c -> c.queued());
    gauge("fanfare.invocations.running", "Invocations that a worker holds", c -> c.running());
    gauge(
        "fanfare.invocations.retained",
        "Ended invocations that the ledger does not hold yet",
        c -> c.retained());
    gauge("fanfare.queued.bytes", "Payload bytes of what waits", c -> c.queuedBytes());
    Gauge.builder("fanfare.queue.oldest.age.seconds", this, m -> m.oldestSeconds)
        .description("Age of the longest-waiting invocation")
        .register(registry);
    Gauge.builder("fanfare.workers", this, m -> m.workers)
        .description("Connected workers")
        .register(registry);
  }

  /** Where others register their meters. */
  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /** Everything in Prometheus' text format, with these as the present figures. */
  public String scrape(ShardCounts now, List<WorkerView> connected, long nowMicros) {
    synchronized (this) {
      counts = now;
      workers = connected.size();
      oldestSeconds =
          now.oldestQueuedAt() == 0 ? 0 : Math.max(0, nowMicros - now.oldestQueuedAt()) / 1e6;
      byFunction(now);
      byWorker(connected);
      return registry.scrape();
    }
  }

  /** The media type of {@link #scrape}. */
  public static String contentType() {
    return "text/plain; version=0.0.4; charset=utf-8";
  }

  @Override
  public void close() {
    registry.close();
  }

  private void byFunction(ShardCounts now) {
    var rows = new ArrayList<MultiGauge.Row<?>>();
    now.queuedByFunction().entrySet().stream()
        .limit(MOST_FUNCTIONS)
        .forEach(
            e ->
                rows.add(MultiGauge.Row.of(Tags.of("function", e.getKey().value()), e.getValue())));
    queuedByFunction.register(rows, true);
  }

  private void byWorker(List<WorkerView> connected) {
    List<WorkerView> some = connected.stream().limit(MOST_WORKERS).toList();
    register(slots, some, worker -> worker.profile().slots());
    register(free, some, WorkerView::free);
    register(running, some, WorkerView::running);
    register(runtimes, some, WorkerView::runtimes);
  }

  private static void register(
      MultiGauge gauge, List<WorkerView> workers, ToDoubleFunction<WorkerView> value) {
    var rows = new ArrayList<MultiGauge.Row<?>>();
    for (WorkerView worker : workers) {
      Tags tags =
          Tags.of("worker", worker.profile().id().value(), "session", worker.session().value());
      rows.add(MultiGauge.Row.of(tags, value.applyAsDouble(worker)));
    }
    gauge.register(rows, true);
  }

  private MultiGauge multi(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  private void counter(String name, String description, ToDoubleFunction<ShardCounts> value) {
    FunctionCounter.builder(name, this, m -> value.applyAsDouble(m.counts))
        .description(description)
        .register(registry);
  }

  private void ended(String code, ToDoubleFunction<ShardCounts> value) {
    FunctionCounter.builder("fanfare.invocations.ended", this, m -> value.applyAsDouble(m.counts))
        .description("Invocations that ended, by how")
        .tag("code", code)
        .register(registry);
  }

  private void gauge(String name, String description, ToDoubleFunction<ShardCounts> value) {
    Gauge.builder(name, this, m -> value.applyAsDouble(m.counts))
        .description(description)
        .register(registry);
  }
}
