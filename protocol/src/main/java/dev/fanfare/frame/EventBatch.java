package dev.fanfare.frame;

import dev.fanfare.frame.Frame.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Gathers events of channels and sends them in few frames, none too large. Not thread-safe. */
public final class EventBatch {
  /** A frame with so many bytes takes no more. */
  private static final int FULL_BYTES = 1 << 20;

  private List<Events> events = new ArrayList<>();

  /** Adds events behind those that are here. */
  public void add(Events more) {
    events.add(more);
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return events.isEmpty();
  }

  /** Sends what was added; the batch is empty then. */
  public void flush(Consumer<? super Frame> link) {
    if (events.isEmpty()) {
      return;
    }
    List<Events> leaving = events;
    events = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < leaving.size(); i++) {
      int next = leaving.get(i).bytes().length;
      if (bytes > 0 && bytes + next > FULL_BYTES) {
        link.accept(new Frame.Channels(leaving.subList(from, i)));
        from = i;
        bytes = 0;
      }
      bytes += next;
    }
    link.accept(new Frame.Channels(from == 0 ? leaving : leaving.subList(from, leaving.size())));
  }
}
