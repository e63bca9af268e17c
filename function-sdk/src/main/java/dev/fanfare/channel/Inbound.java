package dev.fanfare.channel;

import dev.fanfare.function.ChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What came to one end and was not taken, and what its reader is still to be told. Nothing is
 * called while its lock is held. Thread-safe.
 */
final class Inbound {
  private final Conversation conversation;
  private final int number;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Item> queue = new ArrayDeque<>();
  private final Window window = new Window();

  /** Whether nothing more comes in. */
  private boolean ended;

  /** What the reader is still to be thrown. */
  private @Nullable RemoteFault fault;

  /** An item as it came. */
  record Item(EventKind kind, byte[] content) {}

  Inbound(Conversation conversation, int number) {
    this.conversation = conversation;
    this.number = number;
  }

  /** How many items came and were not taken. */
  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is an item to take, or the end to be told. */
  boolean hasNews() {
    lock.lock();
    try {
      return ended || !queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing more comes and all that came was taken. */
  boolean drained() {
    lock.lock();
    try {
      return ended && queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the reader has heard all there is. */
  boolean over() {
    lock.lock();
    try {
      return ended && fault == null && queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  // ---- the reader ----

  /** The next item, if there is one; throws the error if it is its turn. */
  @Nullable Item next() {
    long credit;
    Item item;
    lock.lock();
    try {
      item = queue.poll();
      if (item == null) {
        throwFault();
        return null;
      }
      credit = window.taken(item.content().length);
      if (ended) {
        credit = 0;
      }
    } finally {
      lock.unlock();
    }
    if (credit > 0) {
      conversation.credit(number, credit);
    }
    return item;
  }

  private void throwFault() {
    RemoteFault told = fault;
    fault = null;
    if (told != null) {
      throw told.thrown();
    }
  }

  /**
   * Waits until there is news.
   *
   * @param until of {@link System#nanoTime}
   * @param longest null to wait for ever
   * @throws ChannelException.TimedOut if there is none by then
   */
  void await(long until, @Nullable Duration longest) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !ended) {
        if (longest == null) {
          changed.await();
        } else {
          long left = until - System.nanoTime();
          if (left <= 0) {
            throw new ChannelException.TimedOut(longest);
          }
          long unused = changed.awaitNanos(left);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more: what came is thrown away. Whether more could have come. */
  boolean close() {
    lock.lock();
    try {
      boolean open = !ended;
      ended = true;
      fault = null;
      queue.clear();
      changed.signalAll();
      return open;
    } finally {
      lock.unlock();
    }
  }

  // ---- what the other end says ----

  /**
   * An item came.
   *
   * @throws MalformedEvents if there was no room for it
   */
  void arrived(EventReader event) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      if (!window.arrived(event.count())) {
        throw MalformedEvents.noRoom(number);
      }
      queue.add(new Item(event.kind(), event.content()));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** No more comes; behind what came the reader is thrown the fault, if there is one. */
  void end(@Nullable RemoteFault because) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        fault = because;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
