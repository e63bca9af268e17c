package dev.fanfare.runtime;

import dev.fanfare.channel.Conversation;
import dev.fanfare.frame.EventBatch;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Events;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.Link;
import dev.fanfare.frame.LogLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What is ready to go to the worker. Whoever flushes writes everything that is ready by then;
 * others do not wait for it, theirs goes with its next frame. Thread-safe.
 */
final class Outbox {
  /** With more lines than this, a writer of lines also sends them, and so is slowed down. */
  private static final int MOST_LINES = 500;

  /** While work goes on, outcomes wait for others behind them no longer than this. */
  private static final long HOLD_BACK_NANOS = 50_000;

  /** While work goes on, no more outcomes than this wait. */
  private static final int HOLD_BACK = 16;

  /** A worker that does not read is not waited for longer when the process ends. */
  private static final long LAST_WRITE_NANOS = 5_000_000_000L;

  private final Link link;
  private final Object lock = new Object();
  private Map<Held, Conversation> talking = new LinkedHashMap<>();
  private List<LogLine> lines = new ArrayList<>();
  private List<Settlement> settled = new ArrayList<>();
  private List<Held> returned = new ArrayList<>();
  private long sequence;
  private long oldestNanos;
  private boolean writing;

  Outbox(Link link) {
    this.link = link;
  }

  void line(LogLine line) {
    boolean many;
    synchronized (lock) {
      mark();
      lines.add(line);
      many = lines.size() >= MOST_LINES;
    }
    if (many) {
      flush();
    }
  }

  /** The attempt's channels have something to say. */
  void talk(Held lease, Conversation conversation) {
    synchronized (lock) {
      mark();
      talking.put(lease, conversation);
    }
  }

  void settle(Settlement settlement) {
    synchronized (lock) {
      mark();
      settled.add(settlement);
    }
  }

  /** An outcome behind which others come soon: it may wait a moment for them. */
  void settleWithOthers(Settlement settlement) {
    boolean due;
    synchronized (lock) {
      mark();
      settled.add(settlement);
      due =
          settled.size() >= HOLD_BACK
              || !writing && System.nanoTime() - oldestNanos > HOLD_BACK_NANOS;
    }
    if (due) {
      flush();
    }
  }

  void giveBack(Held lease) {
    synchronized (lock) {
      mark();
      returned.add(lease);
    }
  }

  /** How long the oldest thing here has waited; 0 if there is nothing. */
  long oldestAge(long now) {
    synchronized (lock) {
      return empty() || writing ? 0 : Math.max(1, now - oldestNanos);
    }
  }

  void flush() {
    synchronized (lock) {
      if (writing || empty()) {
        return;
      }
      writing = true;
    }
    boolean more = true;
    while (more) {
      more = writeOnce();
    }
  }

  /** Writes all that is ready, and waits for what another thread is writing, but not for ever. */
  void flushLast() {
    flush();
    long until = System.nanoTime() + LAST_WRITE_NANOS;
    synchronized (lock) {
      try {
        for (long left = LAST_WRITE_NANOS; writing && left > 0; left = until - System.nanoTime()) {
          TimeUnit.NANOSECONDS.timedWait(lock, left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Lines and events go before the outcomes of the attempts that they are of. */
  private boolean writeOnce() {
    Map<Held, Conversation> someTalking;
    List<LogLine> someLines;
    List<Settlement> someSettled;
    List<Held> someReturned;
    synchronized (lock) {
      if (empty()) {
        writing = false;
        lock.notifyAll();
        return false;
      }
      // What is empty stays here and is not looked at again: others may add to it from now on.
      someTalking = talking.isEmpty() ? Map.of() : talking;
      someLines = lines.isEmpty() ? List.of() : lines;
      someSettled = settled.isEmpty() ? List.of() : settled;
      someReturned = returned.isEmpty() ? List.of() : returned;
      talking = someTalking.isEmpty() ? talking : new LinkedHashMap<>();
      lines = someLines.isEmpty() ? lines : new ArrayList<>();
      settled = someSettled.isEmpty() ? settled : new ArrayList<>();
      returned = someReturned.isEmpty() ? returned : new ArrayList<>();
      sequence += someSettled.isEmpty() ? 0 : 1;
    }
    if (!someTalking.isEmpty()) {
      sendEvents(someTalking);
    }
    if (!someLines.isEmpty()) {
      link.send(new Frame.Logs(someLines));
    }
    if (!someSettled.isEmpty()) {
      link.send(new Frame.Outcomes(sequence, someSettled));
    }
    if (!someReturned.isEmpty()) {
      link.send(new Frame.Returned(someReturned));
    }
    return true;
  }

  private void sendEvents(Map<Held, Conversation> conversations) {
    var events = new EventBatch();
    conversations.forEach(
        (lease, conversation) -> {
          for (byte[] taken = conversation.take(); taken != null; taken = conversation.take()) {
            events.add(new Events(lease.id(), lease.fence(), taken));
          }
        });
    events.flush(link::send);
  }

  private void mark() {
    if (empty()) {
      oldestNanos = System.nanoTime();
    }
  }

  private boolean empty() {
    return talking.isEmpty() && lines.isEmpty() && settled.isEmpty() && returned.isEmpty();
  }
}
