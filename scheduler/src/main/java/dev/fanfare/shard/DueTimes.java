package dev.fanfare.shard;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is due next, among a million: a heap with four children a node, whose keys lie side by side.
 *
 * <p>A due time that moves later leaves the heap alone until it comes to the top, since most such
 * moves are followed by others. What {@link #next} and {@link #first} tell is exact nevertheless.
 */
final class DueTimes {
  private static final int CHILDREN = 4;
  private static final int LEAST_CAPACITY = 64;

  private long[] keys = new long[LEAST_CAPACITY];
  private @Nullable Timed[] items = new Timed[LEAST_CAPACITY];
  private int size;

  /** Takes it in, or takes notice that its due time changed. */
  void update(Timed item) {
    long due = item.due();
    if (item.timer == Timed.NO_TIMER) {
      if (due != Long.MAX_VALUE) {
        add(item, due);
      }
    } else if (due < keys[item.timer]) {
      siftUp(item.timer, due, item);
    }
  }

  /** Takes it out, if it is here. */
  void remove(Timed item) {
    int index = item.timer;
    if (index == Timed.NO_TIMER) {
      return;
    }
    item.timer = Timed.NO_TIMER;
    size--;
    Timed last = at(size);
    items[size] = null;
    if (last != item) {
      siftDown(index, keys[size], last);
      siftUp(last.timer, keys[last.timer], last);
    }
    if (size < items.length / 8 && items.length > LEAST_CAPACITY) {
      resize(items.length / 2);
    }
  }

  /** When the first is due; {@code Long.MAX_VALUE} when none is. */
  long next() {
    while (size > 0) {
      Timed top = at(0);
      long due = top.due();
      if (due == keys[0]) {
        return due;
      } else if (due == Long.MAX_VALUE) {
        remove(top);
      } else {
        siftDown(0, due, top);
      }
    }
    return Long.MAX_VALUE;
  }

  /** The one that {@link #next} told of, which must not have been "never". */
  Timed first() {
    return at(0);
  }

  private void add(Timed item, long due) {
    if (size == items.length) {
      resize(size + (size >> 1));
    }
    siftUp(size++, due, item);
  }

  private void siftUp(int from, long key, Timed item) {
    int index = from;
    while (index > 0) {
      int parent = (index - 1) / CHILDREN;
      if (!before(key, item, parent)) {
        break;
      }
      place(index, keys[parent], at(parent));
      index = parent;
    }
    place(index, key, item);
  }

  private void siftDown(int from, long key, Timed item) {
    int index = from;
    int child = leastChild(index);
    while (child < size && !before(key, item, child)) {
      place(index, keys[child], at(child));
      index = child;
      child = leastChild(index);
    }
    place(index, key, item);
  }

  private int leastChild(int parent) {
    int least = parent * CHILDREN + 1;
    int end = Math.min(least + CHILDREN, size);
    for (int child = least + 1; child < end; child++) {
      if (before(keys[child], at(child), least)) {
        least = child;
      }
    }
    return least;
  }

  private boolean before(long key, Timed item, int index) {
    return key < keys[index] || key == keys[index] && item.sequence < at(index).sequence;
  }

  private void place(int index, long key, Timed item) {
    keys[index] = key;
    items[index] = item;
    item.timer = index;
  }

  @SuppressWarnings("NullAway") // below size there are only items
  private Timed at(int index) {
    return items[index];
  }

  private void resize(int capacity) {
    keys = Arrays.copyOf(keys, capacity);
    items = Arrays.copyOf(items, capacity);
  }
}
