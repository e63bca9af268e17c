package dev.fanfare.ledger;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Looks at a write-ahead log before SQLite does. SQLite takes a log up to its first bad frame and
 * drops the rest without a word. That is right for a torn tail, which nobody was promised; but
 * where whole transactions follow, the bad frame is damage, and what follows was promised.
 *
 * <p>A transaction is begun after the sync of the one before, so a frame behind a commit frame
 * tells that all up to there was once on disk (https://www.sqlite.org/fileformat2.html#walformat).
 */
final class WriteAheadLogCheck {
  private static final int HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 24;
  private static final int BIG_ENDIAN_MAGIC = 0x377f0683;
  private static final int LITTLE_ENDIAN_MAGIC = 0x377f0682;
  private static final int SMALLEST_PAGE = 512;
  private static final int LARGEST_PAGE = 65_536;

  private final Path file;
  private final ByteOrder order;
  private final int pageBytes;
  private final long salts;
  private int sum0;
  private int sum1;

  private WriteAheadLogCheck(Path file, ByteBuffer header) {
    this.file = file;
    this.order =
        header.getInt(0) == BIG_ENDIAN_MAGIC ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    this.pageBytes = header.getInt(8);
    this.salts = header.getLong(16);
    add(header, 0, 24);
  }

  /**
   * Returns if the log of this database has no damage; whether there was none to look at, as after
   * an orderly end.
   *
   * @throws LedgerException naming the place of damage that is not at the end
   */
  static boolean refuseDamage(Path database) throws IOException {
    Path file = database.resolveSibling(database.getFileName() + "-wal");
    if (!Files.exists(file) || Files.size(file) < HEADER_BYTES) {
      return true;
    }
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
      ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER_BYTES));
      int magic = header.getInt(0);
      int page = header.getInt(8);
      boolean known = magic == BIG_ENDIAN_MAGIC || magic == LITTLE_ENDIAN_MAGIC;
      if (known && page >= SMALLEST_PAGE && page <= LARGEST_PAGE) {
        var check = new WriteAheadLogCheck(file, header);
        if (check.sum0 == header.getInt(24) && check.sum1 == header.getInt(28)) {
          check.frames(in);
        }
      }
    }
    return false;
  }

  private void frames(DataInputStream in) throws IOException {
    long bad = -1;
    boolean committed = false;
    int frameBytes = FRAME_HEADER_BYTES + pageBytes;
    long at = HEADER_BYTES;
    while (true) {
      ByteBuffer frame = ByteBuffer.wrap(in.readNBytes(frameBytes));
      if (frame.capacity() < frameBytes) {
        return;
      }
      boolean own = frame.getLong(8) == salts;
      if (bad < 0 && !(own && goesOn(frame))) {
        bad = at;
      }
      if (bad >= 0 && own) {
        if (committed) {
          throw LedgerException.damaged(
              file, "at byte " + bad + ", with whole transactions behind it");
        }
        committed = frame.getInt(4) != 0;
      }
      at += frameBytes;
    }
  }

  /** Whether the frame's checksum goes on from the frames before. */
  private boolean goesOn(ByteBuffer frame) {
    add(frame, 0, 8);
    add(frame, FRAME_HEADER_BYTES, pageBytes);
    return sum0 == frame.getInt(16) && sum1 == frame.getInt(20);
  }

  private void add(ByteBuffer bytes, int from, int length) {
    ByteBuffer words = bytes.duplicate().order(order);
    for (int i = from; i < from + length; i += 8) {
      sum0 += words.getInt(i) + sum1;
      sum1 += words.getInt(i + 4) + sum0;
    }
  }
}
