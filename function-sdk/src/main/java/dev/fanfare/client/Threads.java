package dev.fanfare.client;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads of one undertaking that asks several workers at once; closing it interrupts them. */
final class Threads implements AutoCloseable {
  /** The most at a time; what comes beyond them waits. */
  static final int MOST = 256;

  private final ThreadPoolExecutor threads;

  Threads(int wanted) {
    int count = Math.max(1, Math.min(MOST, wanted));
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              var thread = new Thread(task, "fanfare-member");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  <T> Future<T> submit(Callable<T> task) {
    return threads.submit(task);
  }

  void run(Runnable task) {
    threads.execute(task);
  }

  /** What it returned or threw. */
  static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw Interrupted.restoringFlag(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
