package dev.fanfare.sync;

import dev.fanfare.function.Channel;
import dev.fanfare.function.ChannelException;
import dev.fanfare.sync.SyncMessage.Ask;
import dev.fanfare.sync.SyncMessage.Deed;
import dev.fanfare.sync.SyncMessage.Entries;
import dev.fanfare.sync.SyncMessage.Listed;
import dev.fanfare.sync.SyncMessage.Need;
import dev.fanfare.sync.SyncMessage.Summary;
import dev.fanfare.sync.SyncMessage.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of a sync that has the files: tells one worker what there is, and sends it what it lacks.
 * It runs once; what the worker wants is noted as it comes, so neither end waits for the other.
 */
public final class SyncSender {
  private static final int ENTRIES_AT_ONCE = 500;

  /** How long a worker that takes no more may need to say why. */
  private static final long LAST_WORDS_SECONDS = 3;

  private final String worker;
  private final Listing listing;
  private final Channel<byte[], byte[]> channel;
  private final SyncListener listener;
  private final Contents contents;
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final Set<Integer> refused = ConcurrentHashMap.newKeySet();
  private final List<String> failures = new ArrayList<>();

  /** What the worker said, or why it says nothing more. */
  private record Heard(@Nullable SyncMessage message, @Nullable Throwable end) {}

  /**
   * One that has not begun.
   *
   * @param worker how it is called when it is told of
   * @param channel with the worker's end, not read by anybody else
   */
  public SyncSender(
      String worker, Listing listing, Channel<byte[], byte[]> channel, SyncListener listener) {
    this.worker = worker;
    this.listing = listing;
    this.channel = channel;
    this.listener = listener;
    listing.problems().forEach(problem -> note(problem.path() + ": " + problem.words()));
    this.contents = new Contents(listing, channel, refused, bytes -> listener.sent(worker, bytes));
  }

  /** Runs it to its end; what goes wrong is in the report. */
  public SyncReport run() {
    channel.onMessage(this::hear, end -> heard.add(new Heard(null, end)));
    try {
      list();
      while (true) {
        Heard next = heard.take();
        if (next.message() instanceof Summary summary) {
          return report(summary);
        } else if (next.message() == null) {
          return broken(next.end());
        }
        answer(next.message());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return SyncReport.broken(worker, failures, "it was interrupted");
    } catch (ChannelException | IllegalArgumentException e) {
      return broken(theirReason(e));
    }
  }

  private void hear(byte[] item) {
    SyncMessage message = SyncMessage.read(item);
    if (message instanceof Told told && told.deed() == Deed.FAILED && told.index() >= 0) {
      refused.add(told.index());
    }
    heard.add(new Heard(message, null));
  }

  private void list() {
    List<SyncEntry> all = listing.entries();
    for (int at = 0; at < all.size(); at += ENTRIES_AT_ONCE) {
      List<SyncEntry> some = all.subList(at, Math.min(all.size(), at + ENTRIES_AT_ONCE));
      channel.send(new Entries(some).written());
    }
    channel.send(new Listed(all.size()).written());
  }

  private void answer(SyncMessage message) {
    if (message instanceof Ask ask) {
      for (int index : ask.indexes()) {
        contents.tellHash(checked(index));
      }
    } else if (message instanceof Need need) {
      long bytes = 0;
      for (int index : need.indexes()) {
        bytes += listing.entries().get(checked(index)).size();
      }
      listener.expected(worker, bytes);
      for (int index : need.indexes()) {
        contents.send(index);
      }
    } else if (message instanceof Told told) {
      if (told.deed() == Deed.FAILED) {
        note(told.path() + ": " + told.words());
      }
      listener.told(worker, told);
    } else {
      throw new IllegalArgumentException("the worker said what only a sender says");
    }
  }

  /** Nothing but a file of the listing is ever read for a worker. */
  private int checked(int index) {
    if (index < 0
        || index >= listing.entries().size()
        || listing.entries().get(index).kind() != SyncEntry.Kind.FILE) {
      throw new IllegalArgumentException("the worker wants what was not listed");
    }
    return index;
  }

  private void note(String failure) {
    if (failures.size() < SyncReport.MOST_FAILURES) {
      failures.add(failure);
    }
  }

  private SyncReport report(Summary summary) {
    return new SyncReport(
        worker,
        summary.sent(),
        summary.unchanged(),
        summary.copied(),
        summary.links(),
        summary.folders(),
        summary.deleted(),
        summary.failed() + listing.problems().size(),
        summary.bytes(),
        failures,
        null);
  }

  /** Where sending failed because the worker ended it, the worker's reason says more. */
  private Throwable theirReason(RuntimeException sending) {
    try {
      for (Heard one = next(); one != null; one = next()) {
        if (one.end() != null) {
          return one.end();
        } else if (one.message() instanceof Told told && told.deed() == Deed.FAILED) {
          note(told.path() + ": " + told.words());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return sending;
  }

  private @Nullable Heard next() throws InterruptedException {
    return heard.poll(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
  }

  private SyncReport broken(@Nullable Throwable why) {
    String words = why == null ? "the worker ended it early" : String.valueOf(why.getMessage());
    return SyncReport.broken(worker, failures, words);
  }
}
