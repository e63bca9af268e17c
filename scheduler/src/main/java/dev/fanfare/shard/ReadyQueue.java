package dev.fanfare.shard;

import org.jspecify.annotations.Nullable;

/**
 * Ready invocations in order of rank. Those that come in order, nearly all, go to a ring in
 * constant time; those that come late (tried again, given back, of higher priority than the last)
 * to a heap.
 */
final class ReadyQueue {
  /**
   * The slot of an entry that is not in a queue. Ring slots are 0 and up, heap slots below this.
   */
  static final int ABSENT = -1;

  private static final int LEAST_CAPACITY = 8;

  private @Nullable Entry[] ring = new Entry[LEAST_CAPACITY];
  private int head;

  /** How many slots from the head are in use, holes among them. */
  private int span;

  /** How many of those hold an entry. */
  private int filled;

  private @Nullable Entry last;
  private final Late late = new Late();

  boolean isEmpty() {
    return filled == 0 && late.isEmpty();
  }

  int size() {
    return filled + late.size();
  }

  /** The one to take first, if there is any. */
  @Nullable Entry first() {
    Entry inRing = filled == 0 ? null : ring[head];
    Entry inHeap = late.first();
    if (inRing == null || inHeap == null) {
      return inRing == null ? inHeap : inRing;
    }
    return inHeap.before(inRing) ? inHeap : inRing;
  }

  void add(Entry entry) {
    if (last == null || last.before(entry)) {
      append(entry);
    } else {
      late.add(entry);
    }
  }

  void remove(Entry entry) {
    if (entry.slot < ABSENT) {
      late.remove(entry);
    } else {
      ring[entry.slot] = null;
      filled--;
      skipHoles();
    }
    entry.slot = ABSENT;
  }

  private void append(Entry entry) {
    if (span == ring.length) {
      relay(filled > ring.length / 2 ? ring.length * 2 : ring.length);
    }
    int slot = head + span & ring.length - 1;
    ring[slot] = entry;
    entry.slot = slot;
    span++;
    filled++;
    last = entry;
  }

  private void skipHoles() {
    while (span > 0 && ring[head] == null) {
      head = head + 1 & ring.length - 1;
      span--;
    }
    if (span == 0) {
      last = null;
      head = 0;
    }
    if (filled < ring.length / 8 && ring.length > LEAST_CAPACITY) {
      relay(ring.length / 2);
    }
  }

  /** Lays the entries without their holes into a ring of the given capacity. */
  private void relay(int capacity) {
    @Nullable Entry[] before = ring;
    ring = new Entry[capacity];
    int count = 0;
    for (int i = 0; i < span; i++) {
      Entry entry = before[head + i & before.length - 1];
      if (entry != null) {
        ring[count] = entry;
        entry.slot = count++;
      }
    }
    head = 0;
    span = count;
  }

  /** A heap of entries that know their place in it. */
  private static final class Late extends IndexedHeap<Entry> {
    @Override
    boolean before(Entry one, Entry other) {
      return one.before(other);
    }

    @Override
    int indexOf(Entry entry) {
      return ABSENT - 1 - entry.slot;
    }

    @Override
    void moved(Entry entry, int index) {
      entry.slot = ABSENT - 1 - index;
    }
  }
}
