package dev.fanfare.burst;

/** How many items end in a second, over the last ten. Not thread-safe. */
final class Rate {
  private static final int SECONDS = 10;
  private static final long MICROS = 1_000_000;

  private final long[] counts = new long[SECONDS + 1];
  private final long beganAt;
  private long second;

  Rate(long now) {
    this.beganAt = now;
    this.second = now / MICROS;
  }

  void count(long now) {
    advance(now);
    counts[(int) (second % counts.length)]++;
  }

  /** Items a second; over the whole time while that is less. */
  double perSecond(long now) {
    advance(now);
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    long from = Math.max(beganAt, (second - SECONDS) * MICROS);
    return sum * (double) MICROS / Math.max(1, now - from);
  }

  private void advance(long now) {
    long current = Math.max(second, now / MICROS);
    for (long i = Math.max(second + 1, current - SECONDS); i <= current; i++) {
      counts[(int) (i % counts.length)] = 0;
    }
    second = current;
  }
}
