package dev.fanfare.shard;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that waits or runs, in the order in which it came; linked through the entries themselves. */
final class LiveEntries {
  private @Nullable Entry oldest;
  private @Nullable Entry newest;
  private int size;

  int size() {
    return size;
  }

  @Nullable Entry oldest() {
    return oldest;
  }

  void add(Entry entry) {
    entry.older = newest;
    if (newest == null) {
      oldest = entry;
    } else {
      newest.newer = entry;
    }
    newest = entry;
    size++;
  }

  void remove(Entry entry) {
    if (entry.older == null) {
      oldest = entry.newer;
    } else {
      entry.older.newer = entry.newer;
    }
    if (entry.newer == null) {
      newest = entry.older;
    } else {
      entry.newer.older = entry.older;
    }
    entry.older = null;
    entry.newer = null;
    size--;
  }

  /** The newest ones, newest first. */
  List<Entry> newest(int limit) {
    var found = new ArrayList<Entry>();
    for (Entry entry = newest; entry != null && found.size() < limit; entry = entry.older) {
      found.add(entry);
    }
    return found;
  }
}
