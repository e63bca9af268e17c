package dev.fanfare.runtime;

import dev.fanfare.capture.Captures;
import dev.fanfare.frame.Frame.Held;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Up to a number of attempts at once, each on a virtual thread of its own. */
final class ConcurrentRunner implements Runner {
  private final Outbox outbox;
  private final ClassLoader classes;
  private final int most;
  private final ArrayDeque<Attempt> queue = new ArrayDeque<>();
  private final List<Attempt> running = new ArrayList<>();

  ConcurrentRunner(Outbox outbox, ClassLoader classes, int most) {
    this.outbox = outbox;
    this.classes = classes;
    this.most = most;
  }

  @Override
  public boolean add(List<Attempt> attempts) {
    synchronized (queue) {
      queue.addAll(attempts);
      while (running.size() < most && !queue.isEmpty()) {
        start(queue.remove());
      }
    }
    return false;
  }

  @Override
  public void drain() {}

  private void start(Attempt attempt) {
    running.add(attempt);
    Thread thread = Thread.ofVirtual().name("function").unstarted(() -> runAll(attempt));
    thread.setContextClassLoader(classes);
    thread.start();
  }

  /** Runs an attempt, then what waits, until nothing does. */
  private void runAll(Attempt first) {
    for (Attempt attempt = first; attempt != null; attempt = next(attempt)) {
      Captures.ofThisThread(attempt.capture());
      outbox.settle(attempt.run());
      Captures.ofThisThread(null);
      outbox.flush();
    }
  }

  private @Nullable Attempt next(Attempt done) {
    synchronized (queue) {
      running.remove(done);
      Attempt next = queue.poll();
      if (next != null) {
        running.add(next);
      }
      return next;
    }
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
