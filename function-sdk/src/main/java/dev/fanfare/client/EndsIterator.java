package dev.fanfare.client;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Iterates over a burst's ends, taking each when it is asked for. */
final class EndsIterator<R> implements Iterator<Ended<R>> {
  private final String burst;
  private final Supplier<@Nullable Ended<R>> source;
  private @Nullable Ended<R> next;

  /**
   * Takes nothing yet.
   *
   * @param source gives null when there are no more
   */
  EndsIterator(String burst, Supplier<@Nullable Ended<R>> source) {
    this.burst = burst;
    this.source = source;
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      next = source.get();
    }
    return next != null;
  }

  @Override
  public Ended<R> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all items of burst " + burst + " have ended");
    }
    Ended<R> found = Objects.requireNonNull(next);
    next = null;
    return found;
  }
}
