package dev.fanfare.client;

import dev.fanfare.wire.MessageKind;
import dev.fanfare.wire.MessageWriter;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way out, one at a time as the socket wants it. Items gather in a message while
 * the one before is being sent, so that messages grow with the load and nothing waits without need.
 * Thread-safe.
 */
final class Outgoing {
  /** A message that has so many bytes takes no more items. */
  private static final int FULL_BYTES = 128 * 1024;

  /** Largest piece of a message sent at a time. */
  private static final int PIECE_BYTES = 256 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition drained = lock.newCondition();
  private final ArrayDeque<byte[]> others = new ArrayDeque<>();
  private final WebSocket socket;
  private MessageWriter gathering = new MessageWriter();
  private MessageWriter spare = new MessageWriter();
  private boolean gathered;
  private long nextIndex;
  private boolean sending;
  private boolean broken;
  private @Nullable ByteBuffer rest;

  Outgoing(WebSocket socket) {
    this.socket = socket;
  }

  /** Adds an item, behind all others; waits while the message that gathers is full. */
  void item(long index, byte[] bytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (gathered && !broken && (gathering.length() >= FULL_BYTES || index != nextIndex)) {
        drained.await();
      }
      if (!gathered) {
        gathering.begin(MessageKind.ITEMS).number(index);
        gathered = true;
      }
      gathering.entry(bytes, 0, bytes.length);
      nextIndex = index + 1;
      sendNext();
    } finally {
      lock.unlock();
    }
  }

  /** Sends a message behind the items that are here. */
  void message(MessageWriter message) {
    byte[] bytes = message.copy();
    lock.lock();
    try {
      others.add(bytes);
      sendNext();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything was sent. */
  void awaitIdle() {
    lock.lock();
    try {
      while (!broken && (sending || gathered || !others.isEmpty())) {
        drained.await();
      }
    } catch (InterruptedException e) {
      throw Interrupted.restoringFlag(e);
    } finally {
      lock.unlock();
    }
  }

  /** Nothing can be sent any more. */
  void broke() {
    lock.lock();
    try {
      broken = true;
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void sendNext() {
    if (sending || broken) {
      return;
    }
    if (rest == null && gathered) {
      MessageWriter full = gathering;
      gathering = spare;
      spare = full;
      gathered = false;
      rest = full.view();
      drained.signalAll();
    } else if (rest == null && !others.isEmpty()) {
      rest = ByteBuffer.wrap(others.removeFirst());
    }
    ByteBuffer message = rest;
    if (message != null) {
      sending = true;
      ByteBuffer piece = message.slice();
      piece.limit(Math.min(piece.limit(), PIECE_BYTES));
      message.position(message.position() + piece.limit());
      boolean last = !message.hasRemaining();
      rest = last ? null : message;
      var unused = socket.sendBinary(piece, last).whenComplete((sent, failed) -> sent(failed));
    }
  }

  private void sent(@Nullable Throwable failure) {
    lock.lock();
    try {
      sending = false;
      if (failure == null) {
        sendNext();
      } else {
        broken = true;
      }
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
