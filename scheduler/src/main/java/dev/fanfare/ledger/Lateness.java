package dev.fanfare.ledger;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Sees to it that nobody waits for a database on the network longer than they were promised. */
final class Lateness implements AutoCloseable {
  /** The longest that a change waits to be written before it fails. */
  static final long LONGEST_MILLIS = 4_000;

  private static final long LOOK_MILLIS = 200;

  private final ScheduledExecutorService looking;

  private Lateness(ScheduledExecutorService looking) {
    this.looking = looking;
  }

  /**
   * Tells, now and then, of what time ({@link System#nanoTime}) changes are late by now. What is in
   * a file is not waited for so.
   */
  static Lateness watch(Dialect dialect, LongConsumer late) {
    ScheduledExecutorService looking =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("fanfare-ledger-late").factory());
    if (dialect.shared()) {
      var _ =
          looking.scheduleWithFixedDelay(
              () -> late.accept(System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS)),
              LOOK_MILLIS,
              LOOK_MILLIS,
              TimeUnit.MILLISECONDS);
    }
    return new Lateness(looking);
  }

  @Override
  public void close() {
    looking.shutdown();
  }
}
