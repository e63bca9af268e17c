package dev.fanfare.burst;

/**
 * How many tiny items go into one invocation: as many as take a few milliseconds together, going by
 * what they took so far, and few enough that every slot has some. Not thread-safe.
 */
final class ChunkPlan {
  static final int MOST_ITEMS = 5_000;

  /** How long an invocation should run. */
  static final long TARGET_MICROS = 4_000;

  private static final double WEIGHT = 0.3;

  /** What runs faster than thought is believed sooner: code warms up, machines get busy. */
  private static final double WEIGHT_OF_FASTER = 0.7;

  /** Nothing is known so well that the next chunk could be more than so many times as large. */
  private static final int GROWTH = 8;

  private static final int TURNS = 2;

  private final int fixed;
  private double microsPerItem = -1;
  private double resultBytes;
  private int last = 1;

  /** With so many items to a chunk; 0 for as many as suits. */
  ChunkPlan(int fixed) {
    this.fixed = fixed;
  }

  /** An invocation of so many items ran so long and brought so many bytes. */
  void ran(int items, long micros, long bytes) {
    double each = Math.max(0.05, micros / (double) items);
    double weight = each < microsPerItem ? WEIGHT_OF_FASTER : WEIGHT;
    microsPerItem = microsPerItem < 0 ? each : microsPerItem + (each - microsPerItem) * weight;
    resultBytes += (bytes / (double) items - resultBytes) * WEIGHT;
  }

  /** How many of the items that wait go next. */
  int next(int waiting, int slots) {
    if (fixed > 0) {
      last = fixed;
      return Math.min(fixed, waiting);
    }
    if (microsPerItem < 0) {
      return 1;
    }
    long suits = (long) Math.min(TARGET_MICROS / microsPerItem, (double) last * GROWTH);
    long fits = (long) (Flights.CHUNK_BYTES / Math.max(1, resultBytes));
    long share = (waiting + (long) slots * TURNS - 1) / ((long) slots * TURNS);
    int next = Math.clamp(Math.min(suits, fits), 1, MOST_ITEMS);
    last = next;
    return Math.clamp(share, 1, next);
  }

  /** Whether an item takes so long that nothing is won by holding others back to go with it. */
  boolean slow() {
    return fixed == 1 || microsPerItem > TARGET_MICROS;
  }

  /** Whether it is not known yet how long an item takes. */
  boolean unknown() {
    return fixed == 0 && microsPerItem < 0;
  }

  /** How many items the latest chunks were planned to have. */
  int size() {
    return last;
  }
}
