package dev.fanfare.burst;

import dev.fanfare.journal.BurstHead;
import dev.fanfare.journal.BurstHeads;
import dev.fanfare.journal.Page;
import dev.fanfare.protocol.InvocationState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down a burst that is to go on whatever becomes of its client and its gateway: items before
 * they run, results before they are told. What gathers while one write is under way goes with the
 * next. Only on the dispatcher's context.
 */
final class Journal {
  /** Most bytes of items that are not written yet. */
  static final long MOST_UNWRITTEN = 16L << 20;

  /** Most items of a burst. */
  static final long MOST_ITEMS = 10_000_000;

  private static final int PAGE_BYTES = 1 << 20;
  private static final long ITEMS_PAUSE_MILLIS = 10;
  private static final long RESULTS_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final long RETRY_MILLIS = 1_000;

  /** Each further page makes the head longer, so the more there are, the larger they become. */
  private static final int PAGES_PER_PAUSE = 50;

  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private final Platform platform;
  private final BurstHeads heads;
  private final Written written;
  private final List<StoredItem> items = new ArrayList<>();
  private final List<Ended> ended = new ArrayList<>();
  private BurstHead head;
  private byte @Nullable [] prefix;
  private long itemBytes;
  private long endedBytes;
  private long taken;
  private long told;
  private boolean complete;
  private @Nullable String cancelled;
  private boolean begun;
  private boolean dirty;
  private boolean waiting;
  private boolean writing;
  private boolean closed;
  private @Nullable Promise<Void> released;

  /** Who hears what was written. */
  interface Written {
    /** A page of items, so many in all; {@code complete} when there will be no more. */
    void items(List<PageOf<StoredItem>> pages, long count, boolean complete);

    void results(List<Ended> results);

    /** All items have ended, and that is written. */
    void allWritten();

    /** Another node runs the burst now. */
    void lost();
  }

  /** A page and what is in it. */
  record PageOf<T>(Page page, List<T> content) {}

  Journal(Platform platform, BurstHeads heads, BurstHead head, Written written) {
    this.platform = platform;
    this.heads = heads;
    this.head = head;
    this.written = written;
    this.taken = head.itemCount();
    this.told = head.resultCount();
    this.complete = head.complete();
    this.cancelled = head.cancelled().orElse(null);
  }

  /** Writes the head alone. */
  void begin() {
    dirty = true;
    write();
  }

  /** As it was written last. */
  BurstHead head() {
    return head;
  }

  /** The index that the next item has. */
  long nextIndex() {
    return taken;
  }

  /** Whether there is room for one more item. */
  boolean takes() {
    return itemBytes < MOST_UNWRITTEN && !complete;
  }

  /** Whether no more items come. */
  boolean complete() {
    return complete;
  }

  /** This goes before each item; told before the first of them. */
  void prefix(byte[] bytes) {
    prefix = bytes;
  }

  void item(StoredItem item) {
    taken++;
    itemBytes += item.size();
    items.add(item);
    dirty(itemBytes > PAGE_BYTES ? 0 : ITEMS_PAUSE_MILLIS);
  }

  void endInput() {
    if (!complete) {
      complete = true;
      dirty(0);
    }
  }

  void cancelled(String reason) {
    cancelled = reason;
    dirty(0);
  }

  void ended(Ended result) {
    told++;
    endedBytes += result.bytes();
    ended.add(result);
    boolean last = complete && told == taken;
    dirty(last || endedBytes > PAGE_BYTES ? 0 : RESULTS_PAUSE_MILLIS);
  }

  /**
   * Nothing more is written from here but a last word, that nobody runs the burst. Completes when
   * that is written, or cannot be.
   */
  Future<Void> letGo() {
    if (closed) {
      return Future.succeededFuture();
    }
    closed = true;
    Promise<Void> done = Promise.promise();
    released = done;
    if (!writing) {
      release(done);
    }
    return done.future();
  }

  private void release(Promise<Void> done) {
    BurstHead last = head.with(head.epoch(), Optional.empty());
    platform
        .disk()
        .execute(
            () -> {
              try {
                if (!last.over() && isOurs(last)) {
                  heads.write(last);
                }
              } catch (RuntimeException e) {
                log.info(
                    "burst {} is taken over once this node is gone: {}", last.id(), e.toString());
              }
              done.complete();
            });
  }

  private void dirty(long pauseMillis) {
    dirty = true;
    if (writing || closed) {
      return;
    }
    long grown = 1L + (head.items().size() + head.results().size()) / PAGES_PER_PAUSE;
    long pause = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * grown);
    if (pause == 0) {
      write();
    } else if (!waiting) {
      later(pause);
    }
  }

  private void later(long millis) {
    waiting = true;
    platform.later(
        millis,
        () -> {
          waiting = false;
          if (!writing && !closed && dirty) {
            write();
          }
        });
  }

  private void write() {
    writing = true;
    dirty = false;
    var change = new Change(List.copyOf(items), itemBytes, List.copyOf(ended), complete, cancelled);
    items.clear();
    ended.clear();
    endedBytes = 0;
    boolean over = complete && told == taken;
    attempt(change, over);
  }

  /** What is written at a time. */
  private record Change(
      List<StoredItem> items,
      long itemBytes,
      List<Ended> ended,
      boolean complete,
      @Nullable String cancelled) {}

  private void attempt(Change change, boolean over) {
    BurstHead before = head;
    byte[] newPrefix = begun ? null : prefix;
    platform
        .disk()
        .execute(
            () -> {
              try {
                if (!isOurs(before)) {
                  platform.dispatcher().run(this::lost);
                  return;
                }
                var pages = new ArrayList<PageOf<StoredItem>>();
                BurstHead next = keep(before, newPrefix, change, over, pages);
                heads.write(next);
                platform.dispatcher().run(() -> wrote(next, change, pages));
              } catch (RuntimeException e) {
                log.warn("burst {} could not be written down: {}", before.id(), e.toString());
                platform.dispatcher().run(() -> againSoon(change, over));
              }
            });
  }

  private void againSoon(Change change, boolean over) {
    if (closed) {
      releaseIfWanted();
    } else {
      platform.later(RETRY_MILLIS, () -> attempt(change, over));
    }
  }

  private boolean isOurs(BurstHead before) {
    return heads
        .find(before.tenant(), before.id())
        .filter(known -> known.epoch() > before.epoch())
        .isEmpty();
  }

  private BurstHead keep(
      BurstHead before,
      byte @Nullable [] newPrefix,
      Change change,
      boolean over,
      List<PageOf<StoredItem>> pages) {
    BurstHead next = before;
    if (newPrefix != null && before.prefix().isEmpty() && !change.items.isEmpty()) {
      next = next.with(platform.blobs().put(newPrefix));
    }
    keepItems(change.items, pages);
    var results = new ArrayList<Page>();
    keepResults(change.ended, results);
    return next.with(
        pages.stream().map(PageOf::page).toList(),
        change.complete,
        results,
        counted(before.counts(), change.ended),
        Optional.ofNullable(change.cancelled),
        over ? nowMicros() : 0);
  }

  private void keepItems(List<StoredItem> all, List<PageOf<StoredItem>> pages) {
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < all.size(); i++) {
      bytes += all.get(i).size();
      if (bytes >= PAGE_BYTES || i == all.size() - 1) {
        List<StoredItem> content = all.subList(from, i + 1);
        var hash = platform.blobs().put(StoredItem.write(content));
        pages.add(new PageOf<>(new Page(hash, content.size()), content));
        from = i + 1;
        bytes = 0;
      }
    }
  }

  private void keepResults(List<Ended> all, List<Page> pages) {
    Buffer lines = Buffer.buffer();
    long count = 0;
    for (int i = 0; i < all.size(); i++) {
      ResultLines.append(lines, all.get(i));
      count++;
      if (lines.length() >= PAGE_BYTES || i == all.size() - 1) {
        pages.add(new Page(platform.blobs().put(lines.getBytes()), count));
        lines = Buffer.buffer();
        count = 0;
      }
    }
  }

  private static BurstHead.Counts counted(BurstHead.Counts before, List<Ended> more) {
    long succeeded = before.succeeded();
    long failed = before.failed();
    long cancelled = before.cancelled();
    for (Ended one : more) {
      InvocationState state = one.state();
      succeeded += state == InvocationState.SUCCEEDED ? 1 : 0;
      failed += state == InvocationState.FAILED ? 1 : 0;
      cancelled += state == InvocationState.CANCELLED ? 1 : 0;
    }
    return new BurstHead.Counts(succeeded, failed, cancelled);
  }

  private void wrote(BurstHead next, Change change, List<PageOf<StoredItem>> pages) {
    head = next;
    begun |= !change.items.isEmpty();
    itemBytes -= change.itemBytes;
    writing = false;
    if (closed) {
      releaseIfWanted();
      return;
    }
    written.items(pages, next.itemCount(), next.complete());
    if (!change.ended.isEmpty()) {
      written.results(change.ended);
    }
    if (next.over()) {
      closed = true;
      written.allWritten();
    } else if (dirty) {
      boolean soon = complete && told == taken || itemBytes > PAGE_BYTES;
      dirty(soon ? 0 : items.isEmpty() ? RESULTS_PAUSE_MILLIS : ITEMS_PAUSE_MILLIS);
    }
  }

  private void releaseIfWanted() {
    if (released != null) {
      release(released);
    }
  }

  private void lost() {
    if (released != null) {
      released.complete();
    } else if (!closed) {
      closed = true;
      written.lost();
    }
  }

  private long nowMicros() {
    return platform.clock().instant().toEpochMilli() * 1_000;
  }
}
