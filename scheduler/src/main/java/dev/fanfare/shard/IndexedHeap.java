package dev.fanfare.shard;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** A binary heap whose items know their place in it, so that any of them can leave or move. */
abstract class IndexedHeap<T> {
  private static final int WORTH_TRIMMING = 1024;

  private final ArrayList<T> items = new ArrayList<>(0);
  private int peak;

  /** The order; must not have ties if pop order is to be the same whatever the history. */
  abstract boolean before(T one, T other);

  /** The place told by {@link #moved} last. */
  abstract int indexOf(T item);

  /** Where the item is from now on. */
  abstract void moved(T item, int index);

  final boolean isEmpty() {
    return items.isEmpty();
  }

  final int size() {
    return items.size();
  }

  final @Nullable T first() {
    return items.isEmpty() ? null : items.getFirst();
  }

  final void add(T item) {
    items.add(item);
    peak = Math.max(peak, items.size());
    siftUp(items.size() - 1, item);
  }

  /** Takes out an item that is here; the caller forgets its place. */
  final void remove(T item) {
    int index = indexOf(item);
    T last = items.removeLast();
    if (index < items.size()) {
      place(index, last);
      reposition(last);
    } else if (items.isEmpty() && peak > WORTH_TRIMMING) {
      items.trimToSize();
      peak = 0;
    }
  }

  /** Puts an item that is here where it belongs now. */
  final void reposition(T item) {
    siftUp(indexOf(item), item);
    siftDown(indexOf(item), item);
  }

  private void siftUp(int from, T item) {
    int index = from;
    while (index > 0) {
      int parent = (index - 1) / 2;
      if (!before(item, items.get(parent))) {
        break;
      }
      place(index, items.get(parent));
      index = parent;
    }
    place(index, item);
  }

  private void siftDown(int from, T item) {
    int index = from;
    int child = leastChild(index);
    while (child < items.size() && !before(item, items.get(child))) {
      place(index, items.get(child));
      index = child;
      child = leastChild(index);
    }
    place(index, item);
  }

  private int leastChild(int parent) {
    int left = 2 * parent + 1;
    int right = left + 1;
    return right < items.size() && before(items.get(right), items.get(left)) ? right : left;
  }

  private void place(int index, T item) {
    items.set(index, item);
    moved(item, index);
  }
}
