package dev.fanfare.burst;

import dev.fanfare.journal.BurstHead;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Payload;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs the items of a burst that goes on by itself once they are written down, in order, as there
 * is room. Only on the dispatcher's context.
 */
final class Feed {
  private final StoredItems stored;
  private final BitSet endedBefore;
  private final String contentType;
  private final Execution execution;
  private long next;
  private boolean feeding;

  /**
   * Begins with those that were written before.
   *
   * @param endedBefore the items among them whose results were kept
   * @param again is run when there are items again that had to be read
   */
  Feed(
      Platform platform,
      BurstHead head,
      BitSet endedBefore,
      String contentType,
      Execution execution,
      Runnable again) {
    this.stored = new StoredItems(platform, again);
    this.endedBefore = endedBefore;
    this.contentType = contentType;
    this.execution = execution;
    head.items().forEach(stored::add);
  }

  /** These were written down just now. */
  void add(Journal.PageOf<StoredItem> page) {
    stored.add(page.page(), page.content());
  }

  /** Runs what there is room for of the first so many items. */
  void proceed(long written) {
    if (feeding) {
      return;
    }
    feeding = true;
    while (next < written && mayRun()) {
      StoredItem item = execution.cancelled() == null ? stored.poll() : unread(next);
      if (item == null) {
        break;
      }
      next = item.index() + 1;
      if (!endedBefore.get((int) item.index())) {
        run(item);
      }
    }
    feeding = false;
  }

  private boolean mayRun() {
    return execution.cancelled() == null ? execution.takes() : execution.window().open();
  }

  /** Of an item that is cancelled no more than its index is needed. */
  private static StoredItem unread(long index) {
    return new StoredItem(index, 0, new byte[0], null);
  }

  private void run(StoredItem item) {
    @Nullable Fault refused = item.refused();
    if (refused != null) {
      execution.refuse(item.index(), item.line(), refused);
    } else {
      execution.run(item.index(), item.line(), new Payload.Inline(contentType, item.bytes()));
    }
  }

  /** The burst was cancelled: nothing more need be read. */
  void clear() {
    stored.clear();
  }
}
