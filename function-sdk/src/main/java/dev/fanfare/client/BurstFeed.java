package dev.fanfare.client;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a burst's results come from. One thread at a time takes them. */
interface BurstFeed {
  /** The burst's id. */
  String id();

  /**
   * The next results, waiting for the first of them.
   *
   * @param longest how long to wait, null for ever
   * @return none when all have been taken, null when the time is over
   */
  @Nullable List<RawResult> take(@Nullable Duration longest);

  /** How many items there are, once that is known; −1 before. */
  long total();

  /** How many results were no longer to be had. */
  long dropped();

  /** Cancels what has not ended; results go on coming. */
  void cancel(String reason);

  /** Lets go of it: what has not ended is cancelled, if the burst is this program's own. */
  void close();
}
