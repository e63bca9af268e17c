package dev.fanfare.sync;

/**
 * One thing in a folder that is synchronised.
 *
 * @param path below the folder, its names joined by slashes
 * @param mode the nine bits of its permissions; 0 of a link
 * @param mtimeMicros when it was last changed, epoch microseconds
 * @param size bytes of a file, else 0
 * @param link what a link says, else empty
 */
public record SyncEntry(
    Kind kind, String path, int mode, long mtimeMicros, long size, String link) {

  /** What it is. */
  public enum Kind {
    FOLDER('d'),
    FILE('f'),
    LINK('l'),
    /** Something that could not be read here: nothing is done there, at it or below it. */
    UNREADABLE('u');

    private final char code;

    Kind(char code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("a sync has no entry of kind " + code);
    }
  }

  /** A folder. */
  public static SyncEntry folder(String path, int mode, long mtimeMicros) {
    return new SyncEntry(Kind.FOLDER, path, mode, mtimeMicros, 0, "");
  }

  /** A file. */
  public static SyncEntry file(String path, int mode, long mtimeMicros, long size) {
    return new SyncEntry(Kind.FILE, path, mode, mtimeMicros, size, "");
  }

  /** A symbolic link. */
  public static SyncEntry link(String path, String text) {
    return new SyncEntry(Kind.LINK, path, 0, 0, 0, text);
  }

  /** Something that could not be read. */
  public static SyncEntry unreadable(String path) {
    return new SyncEntry(Kind.UNREADABLE, path, 0, 0, 0, "");
  }
}
