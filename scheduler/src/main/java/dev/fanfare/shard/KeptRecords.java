package dev.fanfare.shard;

import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Ended invocations that the ledger does not hold yet, as far as there is room: when it is used up,
 * the oldest that somebody waited for go first, since their caller has the answer; then the oldest
 * others.
 */
final class KeptRecords {
  /** The most records kept. */
  static final int MOST_RECORDS = 100_000;

  /** The most bytes of results and faults kept, with {@link #BYTES_EACH} for every record. */
  static final long MOST_BYTES = 64L << 20;

  /** What a record takes besides its result, about. */
  static final long BYTES_EACH = 400;

  private final IdMap ids;
  private final Order awaited = new Order();
  private final Order others = new Order();
  private int size;
  private long bytes;

  KeptRecords(IdMap ids) {
    this.ids = ids;
  }

  int size() {
    return size;
  }

  /** Keeps a record in the place of whatever was known under its id. */
  void keep(Kept kept) {
    ids.put(kept);
    order(kept).append(kept);
    size++;
    bytes += bytes(kept);
    while (size > MOST_RECORDS || bytes > MOST_BYTES && size > 1) {
      Kept oldest = awaited.oldest == null ? others.oldest : awaited.oldest;
      if (oldest == null) {
        throw new IllegalStateException(size + " records are counted and none is kept");
      }
      forget(oldest);
    }
  }

  void forget(Kept kept) {
    ids.remove(kept.high(), kept.low());
    order(kept).remove(kept);
    size--;
    bytes -= bytes(kept);
  }

  /**
   * The oldest of the invocations that somebody waited for, or of the others; follow {@code newer}.
   */
  @Nullable Kept oldest(boolean async) {
    return async ? others.oldest : awaited.oldest;
  }

  private Order order(Kept kept) {
    return kept.record.async() ? others : awaited;
  }

  private static long bytes(Kept kept) {
    int own =
        switch (kept.record.outcome().orElse(null)) {
          case Outcome.Success(Payload.Inline result) -> result.bytes().length;
          case Outcome.Success(Payload.Blob result) -> 0;
          case Outcome.Failure(Fault fault) -> fault.message().length() + fault.stack().length();
          case Outcome.Cancelled(String reason) -> reason.length();
          case null -> 0;
        };
    return BYTES_EACH + own;
  }

  /** Records in the order in which they ended. */
  private static final class Order {
    private @Nullable Kept oldest;
    private @Nullable Kept newest;

    void append(Kept kept) {
      kept.older = newest;
      if (newest == null) {
        oldest = kept;
      } else {
        newest.newer = kept;
      }
      newest = kept;
    }

    void remove(Kept kept) {
      if (kept.older == null) {
        oldest = kept.newer;
      } else {
        kept.older.newer = kept.newer;
      }
      if (kept.newer == null) {
        newest = kept.older;
      } else {
        kept.newer.older = kept.older;
      }
      kept.older = null; // so that the collector need not keep its neighbours for its sake
      kept.newer = null;
    }
  }
}
