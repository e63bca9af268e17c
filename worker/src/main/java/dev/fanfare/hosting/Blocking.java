package dev.fanfare.hosting;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Runs what blocks, files mostly, on a thread of its own; its result comes back on the context. */
public final class Blocking {
  private Blocking() {}

  /** Runs it beside others. */
  public static <T> Future<T> call(Context context, Callable<T> work) {
    return context.<T>executeBlocking(work, false).map(Objects::requireNonNull);
  }

  /** Runs it after those that were given before in this way. */
  public static <T> Future<T> callInOrder(Context context, Callable<T> work) {
    return context.<T>executeBlocking(work, true).map(Objects::requireNonNull);
  }
}
