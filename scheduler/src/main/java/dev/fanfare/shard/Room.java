package dev.fanfare.shard;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is left of an offer in the operation at hand. */
final class Room {
  final Session session;
  int free;
  private int guests;
  private final Set<WarmKey> atHome;
  private final Set<WarmKey> full;
  private final @Nullable WarmLines[] warm;
  private final int[] counts;

  Room(Session session, Offer offer, LineBook lines) {
    this.session = session;
    this.free = Math.max(0, offer.free());
    this.guests = offer.guests();
    this.atHome = guests > 0 ? new HashSet<>(offer.atHome()) : Set.of();
    this.full = offer.full().isEmpty() ? Set.of() : new HashSet<>(offer.full());
    int size = offer.warm().size();
    this.warm = new WarmLines[size];
    this.counts = new int[size];
    for (int i = 0; i < size; i++) {
      Offer.Warm offered = offer.warm().get(i);
      warm[i] = lines.warm(new WarmKey(offered.revision(), offered.function()));
      counts[i] = warm[i] == null ? 0 : Math.max(0, offered.count());
    }
  }

  boolean hasWarm() {
    for (int count : counts) {
      if (count > 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether nothing of the line can go here for now. */
  boolean isClosedTo(Line line) {
    return !full.isEmpty() && full.contains(line.warm.key) && !isWarmFor(line);
  }

  boolean hasGuests() {
    return guests > 0;
  }

  /** Whether the line's function may come as a guest: nothing of it is at home here. */
  boolean takesGuest(Line line) {
    return guests > 0 && !atHome.contains(line.warm.key);
  }

  void useGuest(Line line) {
    guests--;
    atHome.add(line.warm.key);
  }

  boolean isWarmFor(Line line) {
    return indexOf(line) >= 0;
  }

  void useWarm(Line line) {
    counts[indexOf(line)]--;
  }

  /** The line with the best claim among those that warm room is left for. */
  @Nullable Line bestWarm(FairQueue queue) {
    Line best = null;
    for (int i = 0; i < counts.length; i++) {
      WarmLines lines = counts[i] > 0 ? warm[i] : null;
      if (lines != null) {
        best = better(best, lines, queue);
      }
    }
    return best;
  }

  private @Nullable Line better(@Nullable Line best, WarmLines lines, FairQueue queue) {
    Line found = best;
    for (Line line : lines.lines) {
      boolean mayStart = !line.ready.isEmpty() && !line.group.share.paused;
      if (mayStart && session.meets.get(line.group.requirements.ordinal)) {
        found = queue.better(found, line);
      }
    }
    return found;
  }

  private int indexOf(Line line) {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && warm[i] == line.warm) {
        return i;
      }
    }
    return -1;
  }
}
