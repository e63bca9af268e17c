package dev.fanfare.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * So many spans of all, each with the same chance to be among them (Vitter's algorithm R). Not
 * thread-safe.
 */
public final class Sample {
  private final int most;
  private final List<Span> spans = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(1);
  private long offered;

  /** Keeps at most this many. */
  public Sample(int most) {
    this.most = most;
  }

  /** Makes the span only if it is to be kept. */
  public void offer(Supplier<Span> span) {
    offered++;
    if (spans.size() < most) {
      spans.add(span.get());
      return;
    }
    long place = random.nextLong(offered);
    if (place < most) {
      spans.set((int) place, span.get());
    }
  }

  /** How many were offered. */
  public long offered() {
    return offered;
  }

  /** Those kept, by the time they were received. */
  public List<Span> spans() {
    return spans.stream()
        .sorted(Comparator.comparingLong(Span::receivedAt).thenComparingLong(Span::index))
        .toList();
  }
}
