package dev.fanfare.shipping;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function that can travel: a lambda or method reference written where this type is expected.
 * What it captures must be serialisable.
 */
@FunctionalInterface
public interface Shippable<T extends @Nullable Object, R extends @Nullable Object>
    extends Serializable {
  /** Applies it, on a worker. */
  R apply(T item) throws Exception;

  /** The same for two arguments. */
  @FunctionalInterface
  interface OfTwo<
          A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      extends Serializable {
    /** Applies it, on a worker. */
    R apply(A first, B second) throws Exception;
  }

  /** The same without a result. */
  @FunctionalInterface
  interface Action<T extends @Nullable Object> extends Serializable {
    /** Runs it, on a worker. */
    void run(T item) throws Exception;
  }
}
