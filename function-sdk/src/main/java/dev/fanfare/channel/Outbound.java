package dev.fanfare.channel;

import dev.fanfare.function.ChannelClosed;
import dev.fanfare.function.ChannelException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one end sends: how much may still go, and whether anything may. Its lock is held while
 * events are added to the conversation, so that nothing goes behind an end. Thread-safe.
 */
final class Outbound {
  /** More credit than this is not believed. */
  private static final long MOST_ROOM = 1L << 40;

  private static final byte[] NOTHING = {};

  private final Conversation conversation;
  private final int number;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long room = Window.FIRST;
  private boolean ended;

  /** Why the other end takes nothing more, null while it does. */
  private @Nullable String refused;

  private @Nullable RemoteFault because;
  private volatile boolean over;

  Outbound(Conversation conversation, int number) {
    this.conversation = conversation;
    this.number = number;
  }

  /** Whether nothing can be sent any more. */
  boolean over() {
    return over;
  }

  /** Sends an item; waits while there is no room. */
  void send(EventKind kind, byte[] content) {
    while (!offer(kind, content)) {
      conversation.flush();
      awaitRoom();
    }
    conversation.ready();
  }

  private boolean offer(EventKind kind, byte[] content) {
    lock.lock();
    try {
      checkOpen();
      if (room <= 0) {
        return false;
      }
      room -= Window.cost(content.length);
      conversation.add(kind, number, content);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (ended) {
      throw new ChannelClosed("nothing can be sent: this end was ended or closed", null);
    }
    if (refused != null) {
      throw new ChannelClosed(
          "nothing can be sent: " + refused, because == null ? null : because.thrown());
    }
  }

  private void awaitRoom() {
    try {
      lock.lockInterruptibly();
      try {
        while (room <= 0 && !over) {
          changed.await();
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      throw ChannelException.Interrupted.restoringFlag(e);
    }
  }

  /** The other end has taken so much. */
  void credit(long count) {
    lock.lock();
    try {
      room = Math.min(MOST_ROOM, room + Math.min(count, MOST_ROOM));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Sends no more, and says so if the other end still listens. */
  void end() {
    end(EventKind.END, NOTHING);
  }

  /** The same with an error; whether the other end is told. */
  boolean fail(RemoteFault why) {
    return end(EventKind.ERROR, why.content());
  }

  private boolean end(EventKind kind, byte[] content) {
    lock.lock();
    try {
      boolean tell = !over;
      ended = true;
      if (tell) {
        conversation.add(kind, number, content);
      }
      nothingMore();
      return tell;
    } finally {
      lock.unlock();
    }
  }

  /** The other end takes no more; the first reason counts. */
  void refuse(String why, @Nullable RemoteFault fault) {
    lock.lock();
    try {
      if (refused == null) {
        refused = why;
        because = fault;
      }
      nothingMore();
    } finally {
      lock.unlock();
    }
  }

  private void nothingMore() {
    over = true;
    changed.signalAll();
  }
}
