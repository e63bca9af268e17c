package dev.fanfare.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The checksum of a row's values, kept beside them in the column {@code crc}: a CRC32C (RFC 3720)
 * over each value and its length. A row without one is of older software and is taken as it is. Not
 * thread-safe; used for one row after the other.
 */
final class RowSum {
  /** In each checksum, so that SQLite keeps it in six bytes and no one bit makes it a NULL. */
  private static final long PRESENT = 1L << 40;

  private static final int ABSENT = -1;
  private static final int GATHERED = 512;

  private final CRC32C crc = new CRC32C();
  private final ByteBuffer gathered = ByteBuffer.allocate(GATHERED);

  /** Begins a row. */
  RowSum begin() {
    crc.reset();
    gathered.clear();
    return this;
  }

  RowSum add(long value) {
    room(Long.BYTES);
    gathered.putLong(value);
    return this;
  }

  RowSum add(@Nullable String text) {
    return text == null ? length(ABSENT) : all(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Databases differ in whether no bytes are a value; here they are none. */
  RowSum add(byte @Nullable [] bytes) {
    return bytes == null || bytes.length == 0 ? length(ABSENT) : all(bytes);
  }

  /** The checksum of what was added. */
  long value() {
    flush();
    return PRESENT | crc.getValue();
  }

  /**
   * Returns if the row has no checksum, or this one.
   *
   * @param row at hand, with the checksum in a column of this name
   * @param table that the row is of
   * @param key which row it is, for people
   */
  void compare(ResultSet row, String column, String table, Object key) throws SQLException {
    if (differs(row, column)) {
      throw DamagedRow.of(row, table, key);
    }
  }

  boolean differs(ResultSet row, String column) throws SQLException {
    long kept = row.getLong(column);
    return !row.wasNull() && kept != value();
  }

  private RowSum all(byte[] bytes) {
    length(bytes.length);
    if (bytes.length <= gathered.remaining()) {
      gathered.put(bytes);
    } else {
      flush();
      crc.update(bytes);
    }
    return this;
  }

  private RowSum length(int length) {
    room(Integer.BYTES);
    gathered.putInt(length);
    return this;
  }

  private void room(int bytes) {
    if (gathered.remaining() < bytes) {
      flush();
    }
  }

  private void flush() {
    crc.update(gathered.flip());
    gathered.clear();
  }
}
