package dev.fanfare.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
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

  private static final long TEND_SECONDS = 5;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition results = lock.newCondition();
  private final int mostInFlight;
  private final UnderWay underWay = new UnderWay();
  private List<RawResult> waiting = new ArrayList<>();
  private long waitingBytes;
  private boolean reading = true;
  private int windowItems;
  private long windowBytes;
  private long total;
  private boolean sizeKnown;
  private long departed;
  private long taken;
  private int breaks;
  private boolean stopped;
  private boolean allKept;
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

  /**
   * Waits until one more item may be taken from its source; false if none may any more, or the link
   * is lost.
   */
  boolean awaitRoom(BurstLink link) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!stopped && failure == null && !link.lost() && !hasRoom()) {
        awaitChange(link);
      }
      return !stopped && failure == null && !link.lost();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all results are here, or no more come over this link. */
  void awaitEnd(BurstLink link) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!over() && !link.lost()) {
        awaitChange(link);
      }
      breaks++;
    } finally {
      lock.unlock();
    }
  }

  /** Waits a little; whoever calls looks again at what it waits for. */
  @SuppressWarnings("WaitNotInLoop")
  private void awaitChange(BurstLink link) throws InterruptedException {
    if (!room.await(TEND_SECONDS, TimeUnit.SECONDS)) {
      link.tend(reading);
    }
  }

  /** Something about the link changed. */
  void wake() {
    lock.lock();
    try {
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How often in a row a link was lost without a result in between. */
  int breaks() {
    lock.lock();
    try {
      return breaks;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom() {
    int items = underWay.count();
    return items < windowItems
        && items + waiting.size() < mostInFlight
        && underWay.bytes() < windowBytes;
  }

  /** An item leaves, and is kept until its result is here; false if it must not. */
  boolean depart(long index, byte[] item) {
    lock.lock();
    try {
      if (failure != null || stopped) {
        return false;
      }
      departed++;
      underWay.add(index, item);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The items that left and whose results are not here, by index. */
  SortedMap<Long, byte[]> lacking() {
    lock.lock();
    try {
      return underWay.inOrder();
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
      room.signalAll();
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
        if (underWay.remove(result.index()) && failure == null) {
          waiting.add(result);
          waitingBytes += result.content().length;
          breaks = 0;
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

  /**
   * So many items, from the first on, go on without us: they need not be sent again.
   *
   * @param all whether there are no more
   */
  void kept(long items, boolean all) {
    lock.lock();
    try {
      boolean news = underWay.removeBefore(items);
      breaks = news ? 0 : breaks;
      allKept |= all;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the platform has all items, or no more go to it over this link. */
  void awaitKept(BurstLink link) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!allKept && failure == null && !link.lost()) {
        awaitChange(link);
      }
      breaks++;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the platform has all items. */
  boolean allKept() {
    lock.lock();
    try {
      return allKept;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the platform has all items; throws why it never will. */
  void awaitAllKept() {
    try {
      lock.lockInterruptibly();
      try {
        while (!allKept && failure == null) {
          room.await();
        }
        if (failure != null) {
          throw thrown(failure);
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      throw Interrupted.restoringFlag(e);
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

  /** The burst was cancelled, and nobody is left to say so of its items. */
  void cancelled(String reason) {
    lock.lock();
    try {
      allDeparted();
      for (long index : underWay.inOrder().keySet()) {
        arrived(List.of(FailedItem.cancelled(index, reason)));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more comes, for this reason; if all is here already, that is no matter. */
  void fail(Throwable why) {
    lock.lock();
    try {
      if (failure == null && !allKept) {
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
