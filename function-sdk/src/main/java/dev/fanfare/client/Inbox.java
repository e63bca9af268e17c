package dev.fanfare.client;

import dev.fanfare.function.ChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What the members of a group sent and nobody took yet; full, it makes them wait. Thread-safe. */
final class Inbox<I> {
  /** For each member. */
  private static final int MOST_ITEMS = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition came = lock.newCondition();
  private final Condition taken = lock.newCondition();
  private final ArrayDeque<Entry<I>> entries = new ArrayDeque<>();
  private final int mostItems;
  private int going;
  private boolean closed;

  /** An item, or why its sender failed. */
  private record Entry<I>(GroupChannel.@Nullable Item<I> item, @Nullable MemberFailed failure) {}

  Inbox(int members) {
    this.going = members;
    this.mostItems = members * MOST_ITEMS;
  }

  /** A member sent it; waits for room. */
  void add(String worker, I item) {
    lock.lock();
    try {
      while (entries.size() >= mostItems && !closed) {
        taken.awaitUninterruptibly();
      }
      if (!closed) {
        entries.add(new Entry<>(new GroupChannel.Item<>(worker, item), null));
        came.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A member sends no more. */
  void ended(String worker, @Nullable Throwable failure) {
    lock.lock();
    try {
      going--;
      if (failure != null && !closed) {
        RuntimeException why =
            failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
        entries.add(new Entry<>(null, new MemberFailed(worker, why)));
      }
      came.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next item, or null when no more come; throws a member's failure in its turn. */
  GroupChannel.@Nullable Item<I> take(@Nullable Duration longest) {
    long until = longest == null ? 0 : System.nanoTime() + longest.toNanos();
    try {
      lock.lockInterruptibly();
      try {
        await(longest, until);
        Entry<I> next = entries.poll();
        taken.signal();
        if (next != null && next.failure() != null) {
          throw next.failure();
        }
        return next == null ? null : next.item();
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      throw ChannelException.Interrupted.restoringFlag(e);
    }
  }

  private void await(@Nullable Duration longest, long until) throws InterruptedException {
    while (entries.isEmpty() && going > 0 && !closed) {
      if (longest == null) {
        came.await();
        continue;
      }
      long left = until - System.nanoTime();
      if (left <= 0) {
        throw new ChannelException.TimedOut(longest);
      }
      long unused = came.awaitNanos(left);
    }
  }

  /** Nobody takes anything any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      entries.clear();
      came.signalAll();
      taken.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
