package dev.fanfare.burst;

import java.util.function.DoubleSupplier;

/**
 * How many items, and how many bytes of them, a burst has on their way: from their being received
 * until their results are out of our hands. It shrinks when results are large, so that those of all
 * of them would fit into memory if their reader stopped. Not thread-safe.
 */
final class Window {
  /** Most items of any burst. */
  static final int MOST_ITEMS = 100_000;

  /** Items of a burst whose client did not say. */
  static final int ITEMS = 8_192;

  /** Most payload bytes of the items. */
  static final long BYTES = 16L << 20;

  /** About the most bytes of results that wait for their reader. */
  static final long RESULT_BYTES = 24L << 20;

  private static final int LEAST_ITEMS = 16;
  private static final double WEIGHT = 0.02;

  private final int most;
  private final DoubleSupplier share;
  private int items;
  private long bytes;
  private double resultBytes;

  /** With a share of the bytes, 0 to 1, that changes. */
  Window(int most, DoubleSupplier share) {
    this.most = most;
    this.share = share;
  }

  void entered(long itemBytes) {
    items++;
    bytes += itemBytes;
  }

  /** An item's body is not needed any more. */
  void ended(long itemBytes) {
    bytes -= itemBytes;
  }

  /** An item's result is out of our hands. */
  void delivered() {
    items--;
  }

  /** A result of this size came. */
  void saw(long size) {
    resultBytes += (size - resultBytes) * (size > resultBytes ? 0.2 : WEIGHT);
  }

  /** How many items may be on their way at present. */
  int size() {
    double fits = RESULT_BYTES * share.getAsDouble() / Math.max(1, resultBytes);
    return Math.clamp((long) fits, Math.min(LEAST_ITEMS, most), most);
  }

  /** Whether one more item may come. */
  boolean open() {
    return items < size() && bytes < mostBytes();
  }

  /** How many bytes of items may be on their way at present. */
  long mostBytes() {
    return (long) (BYTES * share.getAsDouble());
  }

  int items() {
    return items;
  }

  long bytes() {
    return bytes;
  }
}
