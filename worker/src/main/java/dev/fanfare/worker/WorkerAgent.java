package dev.fanfare.worker;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/** A worker: takes leases over its session, runs them in runtimes, reports how they ended. */
@SuppressWarnings("DoNotCallSuggester")
public final class WorkerAgent {
  private WorkerAgent() {}

  /**
   * Starts a worker; it keeps dialling until it is closed. Doors may be used from any thread.
   *
   * @throws java.io.UncheckedIOException if the data directory cannot be written
   */
  public static WorkerAgent start(WorkerConfiguration configuration, Vertx vertx, Dialer dialer) {
    throw new UnsupportedOperationException("" + configuration + vertx + dialer);
  }

  /** Succeeds once the first session is open; fails if the gateway will never have this worker. */
  public Future<Void> connected() {
    throw new UnsupportedOperationException();
  }

  /** Takes no more, waits for what runs, at most so long; then closes. */
  public Future<Void> drain(Duration atMost) {
    throw new UnsupportedOperationException("" + atMost);
  }

  /** Stops at once: runtimes are killed, their leases given back by the closing link. */
  public Future<Void> close() {
    throw new UnsupportedOperationException();
  }
}
