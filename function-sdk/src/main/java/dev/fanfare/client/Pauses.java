package dev.fanfare.client;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Growing, jittered pauses between one try and the next. */
final class Pauses {
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 2_000;

  private long millis = FIRST_MILLIS;

  void reset() {
    millis = FIRST_MILLIS;
  }

  /** Sleeps for the next pause, but not longer than what is left. */
  void pause(long leftNanos) {
    long jittered = ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
    millis = Math.min(millis * 2, LONGEST_MILLIS);
    sleep(Math.min(jittered, leftNanos / 1_000_000 + 1));
  }

  static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw Interrupted.restoringFlag(e);
    }
  }
}
