package dev.fanfare.runtime;

import dev.fanfare.capture.Captures;
import dev.fanfare.frame.Frame.Held;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Up to a number of attempts at once, each on a virtual thread of its own; but what is over in no
 * time, by what the last ones took, runs on the thread that brings it, one after the other: a
 * change of thread would take longer.
 */
final class ConcurrentRunner implements Runner {
  /** Waiting attempts that together take longer than this are not run one after the other. */
  private static final long SHORT_NANOS = 300_000;

  /** An attempt that others wait behind is long after this time. */
  private static final long LONG_NANOS = 500_000;

  private final Outbox outbox;
  private final ClassLoader classes;
  private final int most;
  private final ArrayDeque<Attempt> queue = new ArrayDeque<>();
  private final List<Attempt> running = new ArrayList<>();
  private boolean draining;
  private long drainedSince;

  /** Moving average; without knowledge an attempt is long. */
  private double averageNanos = SHORT_NANOS;

  ConcurrentRunner(Outbox outbox, ClassLoader classes, int most) {
    this.outbox = outbox;
    this.classes = classes;
    this.most = most;
  }

  @Override
  public boolean add(List<Attempt> attempts, boolean onlyWork) {
    synchronized (queue) {
      queue.addAll(attempts);
      boolean isShort = queue.size() * averageNanos < SHORT_NANOS;
      if (draining && isShort) {
        return false;
      }
      if (onlyWork && isShort && running.isEmpty()) {
        draining = true;
        drainedSince = System.nanoTime();
        return true;
      }
      startAll();
      return false;
    }
  }

  @Override
  public void drain() {
    Thread.currentThread().setContextClassLoader(classes);
    Attempt done = null;
    for (Attempt next = drainNext(done); next != null; next = drainNext(done)) {
      run(next, true);
      done = next;
    }
    outbox.flush();
  }

  private @Nullable Attempt drainNext(@Nullable Attempt done) {
    long now = System.nanoTime();
    synchronized (queue) {
      if (done != null) {
        running.remove(done);
        ran(now - drainedSince);
      }
      drainedSince = now;
      Attempt next = running.size() < most ? queue.poll() : null;
      draining = next != null;
      if (next != null) {
        running.add(next);
      }
      return next;
    }
  }

  @Override
  public void unblock(long now) {
    synchronized (queue) {
      if (draining && now - drainedSince > LONG_NANOS) {
        averageNanos = Math.max(averageNanos, LONG_NANOS);
        startAll();
      }
    }
  }

  private void startAll() {
    while (running.size() < most && !queue.isEmpty()) {
      start(queue.remove());
    }
  }

  private void start(Attempt attempt) {
    running.add(attempt);
    Thread thread = Thread.ofVirtual().name("function").unstarted(() -> runAll(attempt));
    thread.setContextClassLoader(classes);
    thread.start();
  }

  /** Runs an attempt, then what waits, until nothing does. */
  private void runAll(Attempt first) {
    for (Attempt attempt = first; attempt != null; ) {
      long started = System.nanoTime();
      run(attempt, false);
      outbox.flush();
      attempt = next(attempt, System.nanoTime() - started);
    }
  }

  private @Nullable Attempt next(Attempt done, long nanos) {
    synchronized (queue) {
      running.remove(done);
      ran(nanos);
      Attempt next = queue.poll();
      if (next != null) {
        running.add(next);
      }
      return next;
    }
  }

  private void run(Attempt attempt, boolean othersFollow) {
    Captures.ofThisThread(attempt.capture());
    var settlement = attempt.run();
    Captures.ofThisThread(null);
    if (othersFollow) {
      outbox.settleWithOthers(settlement);
    } else {
      outbox.settle(settlement);
    }
  }

  private void ran(long nanos) {
    averageNanos += (nanos - averageNanos) / 8;
  }

  @Override
  public boolean revoke(Held lease, String reason) {
    synchronized (queue) {
      for (Attempt attempt : running) {
        if (attempt.is(lease)) {
          attempt.revoke(reason);
          return true;
        }
      }
    }
    return recall(lease);
  }

  @Override
  public boolean recall(Held lease) {
    synchronized (queue) {
      if (queue.removeIf(attempt -> attempt.is(lease))) {
        outbox.giveBack(lease);
        return true;
      }
    }
    return false;
  }
}
