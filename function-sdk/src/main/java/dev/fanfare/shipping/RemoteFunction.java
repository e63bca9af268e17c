package dev.fanfare.shipping;

import java.io.Serializable;

/**
 * A function that can travel: a lambda written where this type is expected, or a serialisable
 * object. What it captures must be serialisable too.
 */
@FunctionalInterface
public interface RemoteFunction<T, R> extends Serializable {
  /** Applies it, on a worker. */
  R apply(T item) throws Exception;
}
