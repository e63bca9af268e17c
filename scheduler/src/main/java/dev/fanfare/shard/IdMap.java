package dev.fanfare.shard;

import org.jspecify.annotations.Nullable;

/**
 * What a shard knows by invocation id: open addressing with linear probing, one reference a slot,
 * at most two thirds full.
 */
final class IdMap {
  private static final int LEAST_CAPACITY = 64;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private @Nullable Identified[] slots = new Identified[LEAST_CAPACITY];
  private int size;

  int size() {
    return size;
  }

  /** What is known under the id, if anything. */
  @Nullable Identified get(long high, long low) {
    return slots[find(high, low)];
  }

  /** Keeps it under its id, in the place of what was there. */
  void put(Identified value) {
    int slot = find(value.high(), value.low());
    boolean isNew = slots[slot] == null;
    slots[slot] = value;
    if (isNew && ++size > slots.length / 3 * 2) {
      resize(slots.length * 2);
    }
  }

  /** Forgets what is known under the id. */
  void remove(long high, long low) {
    int slot = find(high, low);
    if (slots[slot] == null) {
      return;
    }
    closeGap(slot);
    if (--size < slots.length / 8 && slots.length > LEAST_CAPACITY) {
      resize(slots.length / 2);
    }
  }

  /** The slot that holds the id, or the empty one where it belongs. */
  private int find(long high, long low) {
    int slot = home(high, low);
    Identified there = slots[slot];
    while (there != null && !(there.low() == low && there.high() == high)) {
      slot = next(slot);
      there = slots[slot];
    }
    return slot;
  }

  /**
   * Moves up what was displaced past the slot, so that no search ends early (Knuth, 6.4, algorithm
   * R).
   */
  private void closeGap(int from) {
    int gap = from;
    int slot = next(from);
    Identified there = slots[slot];
    while (there != null) {
      int home = home(there.high(), there.low());
      boolean staysReachable =
          gap <= slot ? gap < home && home <= slot : gap < home || home <= slot;
      if (!staysReachable) {
        slots[gap] = there;
        gap = slot;
      }
      slot = next(slot);
      there = slots[slot];
    }
    slots[gap] = null;
  }

  private void resize(int capacity) {
    @Nullable Identified[] before = slots;
    slots = new Identified[capacity];
    for (Identified value : before) {
      if (value != null) {
        slots[find(value.high(), value.low())] = value;
      }
    }
  }

  private int home(long high, long low) {
    long mixed = (low ^ high * SPREAD) * SPREAD;
    return (int) (mixed >>> 32) & slots.length - 1;
  }

  private int next(int slot) {
    return slot + 1 & slots.length - 1;
  }
}
