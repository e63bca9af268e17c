package dev.fanfare.client;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A burst's items that left and whose results are not here, by index. Not thread-safe. */
final class UnderWay {
  private final Map<Long, byte[]> items = new HashMap<>();
  private long bytes;

  int count() {
    return items.size();
  }

  /** How large they are together. */
  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** A copy, in order. */
  SortedMap<Long, byte[]> inOrder() {
    return new TreeMap<>(items);
  }

  void add(long index, byte[] item) {
    items.put(index, item);
    bytes += item.length;
  }

  /** Whether it was among them. */
  boolean remove(long index) {
    byte[] item = items.remove(index);
    bytes -= item == null ? 0 : item.length;
    return item != null;
  }

  /** Removes those before an index; whether there were any. */
  boolean removeBefore(long index) {
    return items
        .entrySet()
        .removeIf(
            entry -> {
              boolean before = entry.getKey() < index;
              bytes -= before ? entry.getValue().length : 0;
              return before;
            });
  }
}
