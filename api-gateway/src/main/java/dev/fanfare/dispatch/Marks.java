package dev.fanfare.dispatch;

import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.shard.Mark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down how far accepted work has come, so that a restart counts the attempts that a crash
 * cut off. Work that ends within a moment is spared the writing. Nobody waits for it. Only on the
 * dispatcher's context.
 */
final class Marks {
  /** A mark is on its way to the ledger after this long, or after twice as long. */
  static final long PAUSE_MILLIS = 20;

  private static final Logger log = LoggerFactory.getLogger(Marks.class);

  private final Traffic traffic;
  private final AcceptedWork ledger;
  private Map<InvocationId, Mark> fresh = new LinkedHashMap<>();
  private Map<InvocationId, Mark> ripe = new LinkedHashMap<>();
  private boolean timed;

  Marks(Traffic traffic, AcceptedWork ledger) {
    this.traffic = traffic;
    this.ledger = ledger;
  }

  /** An invocation of this gateway's came so far. */
  void note(Mark mark) {
    ripe.remove(mark.id());
    fresh.put(mark.id(), mark);
    if (!timed) {
      timed = true;
      traffic.later(PAUSE_MILLIS, this::write);
    }
  }

  /** An invocation ended: nobody will want to know. */
  void ended(InvocationId id) {
    if (fresh.remove(id) == null) {
      ripe.remove(id);
    }
  }

  private void write() {
    List<Mark> marks = new ArrayList<>(ripe.values());
    ripe = fresh;
    fresh = new LinkedHashMap<>();
    timed = !ripe.isEmpty();
    if (timed) {
      traffic.later(PAUSE_MILLIS, this::write);
    }
    if (!marks.isEmpty()) {
      ledger
          .mark(marks)
          .whenComplete(
              (nothing, failure) -> {
                if (failure != null) {
                  log.warn("{} attempts were not written down", marks.size(), failure);
                }
              });
    }
  }
}
