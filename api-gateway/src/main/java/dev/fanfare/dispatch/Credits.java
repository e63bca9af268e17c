package dev.fanfare.dispatch;

import dev.fanfare.frame.Frame;
import dev.fanfare.shard.Grant;
import dev.fanfare.shard.Offer;
import dev.fanfare.shard.WarmKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A session's room that no batch under way offers. Counts may be below 0 for a while after a
 * take-back.
 */
final class Credits {
  private int free;
  private int guests;
  private final Map<WarmKey, Integer> warm = new HashMap<>();

  /** Room for invocations of any function. */
  int free() {
    return free;
  }

  /** Room in runtimes of one function. */
  int warm(WarmKey key) {
    return warm.getOrDefault(key, 0);
  }

  /** Room for invocations of functions that the session holds no lease of. */
  int guests() {
    return guests;
  }

  /** Whether there is any but for guests. */
  boolean any() {
    return free > 0 || !warm.isEmpty();
  }

  void add(Frame.Credit credit) {
    free = bounded(free, credit.free());
    guests = bounded(guests, credit.guests());
    for (Frame.Warm more : credit.warm()) {
      addWarm(new WarmKey(more.revision(), more.function()), more.count());
    }
  }

  void clear() {
    free = 0;
    guests = 0;
    warm.clear();
  }

  /** A batch offers this. */
  void reserve(Offer offer) {
    free -= offer.free();
    guests -= offer.guests();
    for (Offer.Warm part : offer.warm()) {
      addWarm(new WarmKey(part.revision(), part.function()), -part.count());
    }
  }

  /** The batch came back; what it used is spent after this. */
  void release(Offer offer) {
    free += offer.free();
    guests += offer.guests();
    for (Offer.Warm part : offer.warm()) {
      addWarm(new WarmKey(part.revision(), part.function()), part.count());
    }
  }

  void spend(Grant grant) {
    switch (grant.uses()) {
      case WARM -> addWarm(new WarmKey(grant.lease().revision(), grant.lease().function()), -1);
      case FREE -> free--;
      case GUEST -> guests--;
    }
  }

  /** All there is. */
  Offer all(WorkerSession session) {
    List<Offer.Warm> parts = new ArrayList<>(warm.size());
    for (Map.Entry<WarmKey, Integer> entry : warm.entrySet()) {
      if (entry.getValue() > 0) {
        WarmKey key = entry.getKey();
        parts.add(new Offer.Warm(key.revision(), key.function(), entry.getValue()));
      }
    }
    return new Offer(
        session.id(),
        Math.max(0, free),
        parts,
        Math.max(0, guests),
        session.atHome(),
        session.full());
  }

  private void addWarm(WarmKey key, int count) {
    int now = bounded(warm.getOrDefault(key, 0), count);
    if (now == 0) {
      warm.remove(key);
    } else if (warm.size() < WorkerSession.MOST_WARM || warm.containsKey(key)) {
      warm.put(key, now);
    }
  }

  private static int bounded(int count, int more) {
    long sum = (long) count + more;
    return Math.clamp(sum, -WorkerSession.MOST_CREDITS, WorkerSession.MOST_CREDITS);
  }
}
