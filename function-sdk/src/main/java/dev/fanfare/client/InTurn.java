package dev.fanfare.client;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ends in the order of their items; those that come early are kept meanwhile. */
final class InTurn<R> implements Supplier<@Nullable Ended<R>> {
  private final Supplier<@Nullable Ended<R>> asCompleted;
  private final Map<Long, Ended<R>> early = new HashMap<>();
  private long index;

  InTurn(Supplier<@Nullable Ended<R>> asCompleted) {
    this.asCompleted = asCompleted;
  }

  /** The next one; null if there are no more. */
  @Override
  public @Nullable Ended<R> get() {
    Ended<R> turn = early.remove(index);
    while (turn == null) {
      Ended<R> ended = asCompleted.get();
      if (ended == null) {
        return null;
      }
      if (ended.index() == index) {
        turn = ended;
      } else {
        early.put(ended.index(), ended);
      }
    }
    index++;
    return turn;
  }
}
