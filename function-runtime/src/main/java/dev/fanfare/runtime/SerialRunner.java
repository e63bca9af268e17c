package dev.fanfare.runtime;

import dev.fanfare.capture.Captures;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a time, on the thread that brings them, so that short work costs no change of
 * thread. What another thread brings meanwhile is left to the one that runs.
 */
final class SerialRunner implements Runner {
  private final Outbox outbox;
  private final ClassLoader classes;
  private final ArrayDeque<Attempt> queue = new ArrayDeque<>();
  private @Nullable Attempt current;
  private boolean running;

  SerialRunner(Outbox outbox, ClassLoader classes) {
    this.outbox = outbox;
    this.classes = classes;
  }

  @Override
  public boolean add(List<Attempt> attempts, boolean onlyWork) {
    synchronized (queue) {
      queue.addAll(attempts);
      boolean first = !running;
      running = true;
      return first;
    }
  }

  @Override
  public void drain() {
    Thread.currentThread().setContextClassLoader(classes);
    for (Attempt next = next(); next != null; next = next()) {
      run(next);
    }
    outbox.flush();
  }

  private @Nullable Attempt next() {
    synchronized (queue) {
      current = queue.poll();
      running = current != null;
      return current;
    }
  }

  private void run(Attempt attempt) {
    Captures.only(attempt.capture());
    Captures.ofThisThread(attempt.capture());
    Settlement settlement = attempt.run();
    Captures.ofThisThread(null);
    Captures.only(null);
    outbox.settleWithOthers(settlement);
  }

  @Override
  public void unblock(long now) {}

  @Override
  public boolean revoke(Held lease, String reason) {
    synchronized (queue) {
      if (current != null && current.is(lease)) {
        current.revoke(reason);
        return true;
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
