package dev.fanfare.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;

/** A row is not as it was written: its checksum is of other values. */
final class DamagedRow extends SQLException {
  private static final long serialVersionUID = 1L;

  private final String table;
  private final String key;
  private final int function;
  private final byte[] id;

  private DamagedRow(String ledger, String table, String key, int function, byte[] id) {
    super(
        "in the ledger "
            + ledger
            + ", table "
            + table
            + ", the row "
            + key
            + " is damaged: its checksum is of other values");
    this.table = table;
    this.key = key;
    this.function = function;
    this.id = id;
  }

  /** The row at hand. */
  static DamagedRow of(ResultSet row, String table, Object key) throws SQLException {
    return new DamagedRow(ledger(row), table, String.valueOf(key), 0, new byte[0]);
  }

  /** The row at hand, of accepted work with this key. */
  static DamagedRow ofWork(ResultSet row, String table, int function, byte[] id)
      throws SQLException {
    return new DamagedRow(ledger(row), table, Ids.text(id), function, id);
  }

  private static String ledger(ResultSet row) throws SQLException {
    String url = row.getStatement().getConnection().getMetaData().getURL();
    return url.replaceFirst("^jdbc:sqlite:", "").split("\\?", 2)[0];
  }

  /** Whether it is of accepted work, with the key that follows. */
  boolean isOfWork() {
    return id.length > 0 && !table.equals("dead_letters");
  }

  /** The number of the work's function. */
  int function() {
    return function;
  }

  /** The work's id as it is found in the table. */
  byte[] id() {
    return id.clone();
  }

  /** Which of all rows it is. */
  String place() {
    return table + " " + key;
  }
}
