package dev.fanfare.hosting;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;

/** Runs what blocks, files mostly, on a thread of its own; its result comes back on the context. */
public final class Blocking {
  private Blocking() {}

  /** Runs it beside others. */
  public static <T> Future<T> call(Context context, Callable<T> work) {
    Promise<T> promise = Promise.promise();
    Thread.ofVirtual().start(() -> run(context, work, promise));
    return promise.future();
  }

  private static <T> void run(Context context, Callable<T> work, Promise<T> promise) {
    try {
      T result = work.call();
      deliver(context, () -> promise.complete(result));
    } catch (Exception e) {
      deliver(context, () -> promise.fail(e));
    }
  }

  private static void deliver(Context context, Runnable end) {
    try {
      context.runOnContext(back -> end.run());
    } catch (RejectedExecutionException e) {
      // the event loops are closed, so nobody waits for it any more
    }
  }

  /** Runs it after those that were given before in this way. */
  public static <T> Future<T> callInOrder(Context context, Callable<T> work) {
    return context.<T>executeBlocking(work, true).map(Objects::requireNonNull);
  }
}
