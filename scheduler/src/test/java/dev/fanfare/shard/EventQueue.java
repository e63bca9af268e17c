package dev.fanfare.shard;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes from one event to the next, in one thread; at one moment in the order made. */
final class EventQueue {
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private long now = Desk.START;
  private long made;

  private record Event(long at, long number, Runnable work) {}

  long now() {
    return now;
  }

  void after(long micros, Runnable work) {
    events.add(new Event(now + Math.max(0, micros), made++, work));
  }

  /** Goes on to the next event, unless there is none until then. */
  boolean step(long until) {
    if (events.isEmpty() || events.peek().at > until) {
      return false;
    }
    Event next = events.remove();
    now = next.at;
    next.work.run();
    return true;
  }
}
