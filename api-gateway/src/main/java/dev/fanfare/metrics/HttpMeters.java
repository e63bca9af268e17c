package dev.fanfare.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntSupplier;

/** Answered HTTP requests by status, and open connections. Thread-safe. */
public final class HttpMeters {
  private static final int STATUSES = 600;

  private final MeterRegistry registry;
  private final AtomicReferenceArray<Counter> byStatus = new AtomicReferenceArray<>(STATUSES);

  /** Registers them; {@code connections} tells how many are open. */
  public HttpMeters(MeterRegistry registry, IntSupplier connections) {
    this.registry = registry;
    Gauge.builder("fanfare.http.connections", connections, IntSupplier::getAsInt)
        .description("Open HTTP connections")
        .strongReference(true)
        .register(registry);
  }

  /** A request was answered with this status. */
  public void answered(int status) {
    int index = status >= 0 && status < STATUSES ? status : 0;
    Counter counter = byStatus.get(index);
    if (counter == null) {
      counter =
          Counter.builder("fanfare.http.requests")
              .description("Answered HTTP requests")
              .tag("status", Integer.toString(index))
              .register(registry);
      byStatus.set(index, counter);
    }
    counter.increment();
  }
}
