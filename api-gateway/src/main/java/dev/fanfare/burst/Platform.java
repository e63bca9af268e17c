package dev.fanfare.burst;

import dev.fanfare.blob.Blobs;
import dev.fanfare.dispatch.Dispatcher;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * What bursts run on.
 *
 * @param share how much of the memory for one burst each has, 0 to 1
 */
record Platform(
    Dispatcher dispatcher,
    Blobs blobs,
    Executor disk,
    InstantSource clock,
    DoubleSupplier share,
    Consumer<Burst> whenEnded,
    Consumer<Burst> whenLost) {

  /** Now, in microseconds since 1970. */
  long nowMicros() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  /** Runs a task on the dispatcher's context after so many milliseconds. */
  void later(long millis, Runnable task) {
    dispatcher.context().owner().setTimer(millis, timer -> dispatcher.run(task));
  }
}
