package dev.fanfare.channel;

/**
 * How much of a channel's items may be on their way or unread, in bytes: an item counts {@value
 * #ITEM_BYTES} more than it has. A sender may send while something is left, so that one item may go
 * beyond it. A reader that keeps up gets twice as much, up to {@value #LARGEST}. Of the receiving
 * end; not thread-safe.
 */
public final class Window {
  /** What every channel begins with, in both directions, without a word: 256 KiB. */
  public static final long FIRST = 256 << 10;

  /** What it grows to at the most: 1 MiB. */
  public static final long LARGEST = 1 << 20;

  /** What an item counts besides its bytes. */
  public static final int ITEM_BYTES = 32;

  private long size = FIRST;
  private long held;
  private long taken;
  private long due;

  /** What an item of so many bytes counts. */
  public static long cost(int bytes) {
    return (long) bytes + ITEM_BYTES;
  }

  /** An item came; false if there was no room for it. */
  public boolean arrived(int bytes) {
    boolean room = held < size;
    held += cost(bytes);
    return room;
  }

  /**
   * An item was taken.
   *
   * @return credit that is to be given now, 0 for none
   */
  public long taken(int bytes) {
    long cost = cost(bytes);
    taken += cost;
    due += cost;
    if (due < size / 4) {
      return 0;
    }
    long credit = due;
    held -= due;
    due = 0;
    if (size < LARGEST && taken > size) {
      credit += size;
      size *= 2;
      taken = 0;
    }
    return credit;
  }
}
