package dev.fanfare.dispatch;

import io.vertx.core.Context;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands work to one event loop. What comes from other threads before the loop gets to it costs one
 * wake-up together; after each such handful, and once after all that one turn of the loop brought,
 * the tick ends.
 */
final class Inbox {
  private static final Logger log = LoggerFactory.getLogger(Inbox.class);

  private final Context context;
  private final Runnable tickEnd;
  private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile @Nullable Thread loop;
  private volatile boolean closed;
  private boolean tickEnding;

  Inbox(Context context, Runnable tickEnd) {
    this.context = context;
    this.tickEnd = tickEnd;
    post(() -> loop = Thread.currentThread());
  }

  /** Runs the task on the loop: at once when called there, else soon. */
  @SuppressWarnings("ReferenceEquality") // a thread is itself
  void run(Runnable task) {
    if (Thread.currentThread() == loop) {
      task.run();
      endTickSoon();
    } else {
      post(task);
    }
  }

  /** Runs the task on the loop, never before this call returns. */
  void post(Runnable task) {
    if (closed) {
      return;
    }
    posted.add(task);
    if (woken.compareAndSet(false, true)) {
      context.runOnContext(nothing -> empty());
    }
  }

  /** Ends the tick once the loop has seen to all that is ready now. Only on the loop. */
  void endTickSoon() {
    if (!tickEnding) {
      tickEnding = true;
      context.runOnContext(nothing -> endTick());
    }
  }

  /** What is posted from now on is dropped. */
  void close() {
    closed = true;
  }

  private void empty() {
    woken.set(false);
    for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
      guarded(task);
    }
    endTick();
  }

  private void endTick() {
    tickEnding = false;
    guarded(tickEnd);
  }

  /** One task's bug must not take the others with it. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("a task of the dispatcher failed", e);
    }
  }
}
