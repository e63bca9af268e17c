package dev.fanfare.burst;

import dev.fanfare.blob.Blobs;
import dev.fanfare.journal.Page;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kept items of a burst that are still to be run, in order: the next ones in memory, those
 * behind them in their pages alone. Only on the dispatcher's context.
 */
final class StoredItems {
  /** Most bytes of items in memory that wait to be run. */
  private static final long MOST_BYTES = 16L << 20;

  private static final long RETRY_MILLIS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(StoredItems.class);

  private final Platform platform;
  private final Runnable loaded;
  private final ArrayDeque<Part> parts = new ArrayDeque<>();
  private long bytes;
  private boolean loading;

  /** A page; what is in memory of it. */
  private static final class Part {
    final Page page;
    @Nullable ArrayDeque<StoredItem> content;

    Part(Page page, @Nullable ArrayDeque<StoredItem> content) {
      this.page = page;
      this.content = content;
    }
  }

  /**
   * None yet.
   *
   * @param loaded is run when there are items again that had to be read
   */
  StoredItems(Platform platform, Runnable loaded) {
    this.platform = platform;
    this.loaded = loaded;
  }

  /** A page that was written just now. */
  void add(Page page, List<StoredItem> content) {
    long size = content.stream().mapToLong(StoredItem::size).sum();
    boolean inMemory = bytes + size <= MOST_BYTES;
    bytes += inMemory ? size : 0;
    parts.add(new Part(page, inMemory ? new ArrayDeque<>(content) : null));
  }

  /** A page that was written before. */
  void add(Page page) {
    parts.add(new Part(page, null));
  }

  /** The next item; null if there is none now. */
  @Nullable StoredItem poll() {
    for (Part first = parts.peek(); first != null; first = parts.peek()) {
      if (first.content == null) {
        load(first);
        return null;
      }
      StoredItem item = first.content.poll();
      if (item != null) {
        bytes -= item.size();
        return item;
      }
      parts.remove();
    }
    return null;
  }

  /** Whether all were taken. */
  boolean isEmpty() {
    return parts.stream().allMatch(part -> part.content != null && part.content.isEmpty());
  }

  /** Takes out all that is left; those that are only in pages are read meanwhile. Blocks. */
  void clear() {
    parts.clear();
    bytes = 0;
  }

  private void load(Part part) {
    if (loading) {
      return;
    }
    loading = true;
    platform
        .disk()
        .execute(
            () -> {
              List<StoredItem> items = new ArrayList<>();
              @Nullable RuntimeException failure = null;
              try {
                items = StoredItem.read(read(platform.blobs(), part.page));
              } catch (RuntimeException e) {
                failure = e;
              }
              List<StoredItem> content = items;
              RuntimeException problem = failure;
              platform.dispatcher().run(() -> loaded(part, content, problem));
            });
  }

  private void loaded(Part part, List<StoredItem> content, @Nullable RuntimeException failure) {
    if (failure != null) {
      log.warn("items of a burst cannot be read; they are tried again: {}", failure.toString());
      platform.later(RETRY_MILLIS, this::again);
      return;
    }
    loading = false;
    part.content = new ArrayDeque<>(content);
    bytes += content.stream().mapToLong(StoredItem::size).sum();
    loaded.run();
  }

  private void again() {
    loading = false;
    loaded.run();
  }

  /** A page's bytes. Blocks. */
  static byte[] read(Blobs blobs, Page page) {
    return blobs.readWhole(page.hash());
  }
}
