package dev.fanfare.sync;

import java.util.List;

/**
 * One item of the channel of a sync. First go all {@link Entries}, then {@link Listed}; the worker
 * asks for hashes ({@link Ask}) and contents ({@link Need}) by an entry's index in the listing, and
 * ends with {@link Summary}.
 */
public sealed interface SyncMessage {
  /** The most bytes of a file in one item. */
  int BLOCK_BYTES = 128 * 1024;

  // ---- to the worker ----

  /** The next entries of the listing, folders before what is in them. */
  record Entries(List<SyncEntry> entries) implements SyncMessage {}

  /** The listing is complete. */
  record Listed(int count) implements SyncMessage {}

  /** The SHA-256 of a file's content. */
  record Hashed(int index, byte[] hash) implements SyncMessage {}

  /** The next bytes of a file, but not its last. */
  record Block(int index, byte[] bytes) implements SyncMessage {}

  /** The last bytes of a file, and the hash of its whole content. */
  record End(int index, byte[] hash, byte[] bytes) implements SyncMessage {}

  /** The file cannot be sent, for this reason; nothing more comes of it. */
  record Dropped(int index, String why) implements SyncMessage {}

  // ---- from the worker ----

  /** Tell the hashes of these files. */
  record Ask(int[] indexes) implements SyncMessage {}

  /** Send the contents of these files. */
  record Need(int[] indexes) implements SyncMessage {}

  /**
   * Something that was done, would be done, or went wrong.
   *
   * @param index of the entry it is about, -1 where it is about none
   * @param words why it failed, else empty
   */
  record Told(Deed deed, int index, String path, String words) implements SyncMessage {}

  /** All is done, as far as it could be. */
  record Summary(
      long sent,
      long unchanged,
      long copied,
      long links,
      long folders,
      long deleted,
      long failed,
      long bytes)
      implements SyncMessage {}

  /** What {@link Told} tells of. */
  enum Deed {
    FAILED('f'),
    SENT('s'),
    COPIED('c'),
    LINKED('l'),
    MADE('m'),
    DELETED('d');

    private final char code;

    Deed(char code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static Deed of(int code) {
      for (Deed deed : values()) {
        if (deed.code == code) {
          return deed;
        }
      }
      throw new IllegalArgumentException("a sync has no deed " + code);
    }
  }

  /** As an item of a channel. */
  default byte[] written() {
    return SyncCodec.write(this);
  }

  /**
   * Reads an item.
   *
   * @throws IllegalArgumentException if it is no message of a sync
   */
  static SyncMessage read(byte[] item) {
    return SyncCodec.read(item);
  }
}
