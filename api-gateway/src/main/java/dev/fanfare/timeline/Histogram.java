package dev.fanfare.timeline;

/** Counts of durations by size, in buckets that are about 6 % wide. Not thread-safe. */
public final class Histogram {
  private static final int PER_DOUBLING = 12;
  private static final int BUCKETS = 40 * PER_DOUBLING;

  private final long[] counts = new long[BUCKETS];
  private long total;

  /** Counts a duration so many times. */
  public void add(long micros, long times) {
    counts[bucket(micros)] += times;
    total += times;
  }

  /** The same counts, in memory of their own. */
  public Histogram copy() {
    var copy = new Histogram();
    System.arraycopy(counts, 0, copy.counts, 0, BUCKETS);
    copy.total = total;
    return copy;
  }

  /** How many were counted. */
  public long total() {
    return total;
  }

  /** The duration in microseconds that this share of all, 0 to 1, does not exceed; 0 of none. */
  public long percentile(double share) {
    long rank = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return micros(i);
      }
    }
    return 0;
  }

  /** The counts of equally wide bars on a logarithmic scale, from the smallest to the largest. */
  public Bars bars(int most) {
    int first = 0;
    int last = -1;
    for (int i = 0; i < BUCKETS; i++) {
      if (counts[i] > 0) {
        first = last < 0 ? i : first;
        last = i;
      }
    }
    if (last < 0) {
      return new Bars(0, 0, new long[0]);
    }
    int width = Math.max(1, (last - first + most) / most);
    long[] bars = new long[(last - first) / width + 1];
    for (int i = first; i <= last; i++) {
      bars[(i - first) / width] += counts[i];
    }
    return new Bars(micros(first), micros(first + bars.length * width), bars);
  }

  /** A histogram's bars between two durations in microseconds. */
  public record Bars(long from, long to, long[] counts) {}

  private static int bucket(long micros) {
    if (micros < 1) {
      return 0;
    }
    double doublings = Math.log((double) micros) / Math.log(2);
    return (int) Math.min(BUCKETS - 1, Math.round(doublings * PER_DOUBLING));
  }

  private static long micros(int bucket) {
    return Math.round(Math.pow(2, bucket / (double) PER_DOUBLING));
  }
}
