package dev.fanfare.benchmark;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** How long each of many took, from now on. Thread-safe. */
final class Times {
  /** Of further ones only their number counts. */
  private static final int MOST = 1 << 22;

  private final long begun = System.nanoTime();
  private final AtomicIntegerArray took = new AtomicIntegerArray(MOST);
  private final AtomicInteger count = new AtomicInteger();

  void took(long nanos) {
    int at = count.getAndIncrement();
    if (at < MOST) {
      took.set(at, (int) Math.min(nanos, Integer.MAX_VALUE));
    }
  }

  /** Of all until now; each was so many. */
  Figures figures(int each) {
    double seconds = (System.nanoTime() - begun) / 1e9;
    int kept = Math.min(count.get(), MOST);
    int[] sorted = new int[kept];
    Arrays.setAll(sorted, took::get);
    Arrays.sort(sorted);
    return new Figures(
        count.get() * (double) each / seconds, kept == 0 ? 0 : sorted[kept / 2] / 1e3);
  }
}
