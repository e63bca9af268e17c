package dev.fanfare.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The items of a burst between their departure and the taking of their results, within the bounds
 * of the platform's window and of this program's own. Thread-safe.
 */
final class Transit {
  /** While so many bytes of results wait to be taken, no more are read from the connection. */
  private static final long MOST_WAITING_BYTES = 16L << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition results = lock.newCondition();
  private final int mostInFlight;
  private final Map<Long, Integer> underWay = new HashMap<>();
  private List<RawResult> waiting = new ArrayList<>();
  private long waitingBytes;
  private boolean reading = true;
  private long bytes;
  private int windowItems;
  private long windowBytes;
  private long total;
  private boolean sizeKnown;
  private long departed;
  private long taken;
  private boolean stopped;
  private @Nullable Throwable failure;

  /** With the number of items, −1 where nobody knows. */
  Transit(int mostInFlight, long total) {
    this.mostInFlight = mostInFlight;
    this.total = total;
  }

  /** The platform's window is so large now. */
  void window(int items, long size) {
    lock.lock();
    try {
      windowItems = items;
      windowBytes = size;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- items ----

  /** Waits until one more item may be taken from its source; false if none may any more. */
  boolean awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!stopped && failure == null && !hasRoom()) {
        room.await();
      }
      return !stopped && failure == null;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom() {
    int items = underWay.size();
    return items < windowItems && items + waiting.size() < mostInFlight && bytes < windowBytes;
  }

  /** An item of so many bytes leaves; false if it must not. */
  boolean depart(long index, int size) {
    lock.lock();
    try {
      if (failure != null || stopped) {
        return false;
      }
      departed++;
      underWay.put(index, size);
      bytes += size;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** No further item will leave. Returns how many did. */
  long allDeparted() {
    lock.lock();
    try {
      total = departed;
      sizeKnown = true;
      stopped = true;
      results.signalAll();
      return departed;
    } finally {
      lock.unlock();
    }
  }

  /** How many items there are, −1 while nobody knows. */
  long total() {
    lock.lock();
    try {
      return total;
    } finally {
      lock.unlock();
    }
  }

  /** No further item leaves. */
  void stopSending() {
    lock.lock();
    try {
      stopped = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether no further item will leave. */
  boolean departed() {
    lock.lock();
    try {
      return sizeKnown;
    } finally {
      lock.unlock();
    }
  }

  // ---- results ----

  /** Results came; whether more should be read at once. Each index counts once. */
  boolean arrived(List<RawResult> came) {
    lock.lock();
    try {
      for (RawResult result : came) {
        Integer size = underWay.remove(result.index());
        if (size != null && failure == null) {
          bytes -= size;
          waiting.add(result);
          waitingBytes += result.content().length;
        }
      }
      results.signalAll();
      room.signalAll();
      reading = waitingBytes < MOST_WAITING_BYTES;
      return reading;
    } finally {
      lock.unlock();
    }
  }

  /** The platform says that all have ended: if no more may leave, these were all. */
  void ended() {
    lock.lock();
    try {
      if (stopped && !sizeKnown) {
        allDeparted();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more comes, for this reason; if all is here already, that is no matter. */
  void fail(Throwable why) {
    lock.lock();
    try {
      if (failure == null) {
        failure = why;
      }
      results.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether all results are here, or no more come. */
  boolean over() {
    lock.lock();
    try {
      return failure != null || sizeKnown && underWay.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The results that are here, waiting for the first.
   *
   * @return none when all were taken, null when the time is over
   */
  @Nullable List<RawResult> take(@Nullable Duration longest) {
    long left = longest == null ? Long.MAX_VALUE : nanos(longest);
    try {
      lock.lockInterruptibly();
      try {
        while (waiting.isEmpty()) {
          if (sizeKnown && taken == total) {
            return List.of();
          }
          if (failure != null) {
            throw thrown(failure);
          }
          if (longest == null) {
            results.await();
          } else if (left <= 0) {
            return null;
          } else {
            left = results.awaitNanos(left);
          }
        }
        return taken();
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      throw Interrupted.restoringFlag(e);
    }
  }

  private List<RawResult> taken() {
    List<RawResult> all = waiting;
    waiting = new ArrayList<>();
    waitingBytes = 0;
    taken += all.size();
    room.signalAll();
    return all;
  }

  /** Whether reading had stopped and can go on. */
  boolean wantsMore() {
    lock.lock();
    try {
      boolean wants = !reading;
      reading = true;
      return wants;
    } finally {
      lock.unlock();
    }
  }

  private static RuntimeException thrown(Throwable why) {
    if (why instanceof Error error) {
      throw error;
    }
    return (RuntimeException) why;
  }

  private static long nanos(Duration duration) {
    return duration.compareTo(Duration.ofDays(365)) > 0
        ? Duration.ofDays(365).toNanos()
        : duration.toNanos();
  }
}
