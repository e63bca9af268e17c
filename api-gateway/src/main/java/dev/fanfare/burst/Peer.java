package dev.fanfare.burst;

/** Whoever a burst's results go to and its items come from. Called on the dispatcher's context. */
interface Peer {

  /** Whether results should wait, because the other side does not read them fast enough. */
  boolean full();

  /** The largest result that is to be brought from disk for {@link #deliver}; 0 for none. */
  long largestResult();

  /** Writes a result, perhaps only into memory until {@link #flush}. */
  void deliver(Ended ended);

  /** Sends what was written. */
  void flush();

  /** There may be room for more items. */
  void roomGrew();

  /**
   * The gateway stops. Returns whether the other side was sent elsewhere, and so wants to hear
   * nothing more of what has not ended.
   */
  boolean sentElsewhere();

  /**
   * So many items, of a burst that goes on by itself, are kept.
   *
   * @param all whether there will be no more
   */
  default void kept(long items, boolean all) {}

  /** Whether the other side comes back after the connection broke, with the items it still has. */
  default boolean comesBack() {
    return false;
  }

  /** Every item has ended and all was delivered. */
  void ended();
}
