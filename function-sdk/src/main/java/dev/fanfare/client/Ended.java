package dev.fanfare.client;

import org.jspecify.annotations.Nullable;

/** How one item of a burst ended: with a value, or with a failure that is its own alone. */
public sealed interface Ended<R extends @Nullable Object> {
  /** The item's place among the items, from 0. */
  long index();

  /** It returned. */
  record Value<R extends @Nullable Object>(long index, R value) implements Ended<R> {}

  /** It did not: it threw, was refused, ran too long, was lost or cancelled. */
  record Failed<R extends @Nullable Object>(long index, FunctionFailed failure)
      implements Ended<R> {}
}
