package dev.fanfare.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the ledger holds of the directory. Thread-safe; blocks until what it writes is on disk. */
public final class DirectoryTable {
  private final Ledger ledger;

  DirectoryTable(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * One entry as it was written last.
   *
   * @param time of the write, epoch microseconds or a little more
   * @param node that wrote it; decides between two of one time
   * @param value null once removed
   */
  public record Row(String key, long time, String node, byte @Nullable [] value) {

    /** Whether this was written after the other, which is of the same key. */
    public boolean after(Row other) {
      return time != other.time ? time > other.time : node.compareTo(other.node) > 0;
    }
  }

  /** Reads everything. */
  public List<Row> load() {
    return ledger.read(
        connection -> Sql.query(connection, "SELECT * FROM directory", DirectoryTable::row));
  }

  /** Another text when other nodes, if they share the table, have written to it. */
  public String version() {
    return ledger
        .read(
            connection ->
                Sql.query(
                    connection,
                    "SELECT count(*), coalesce(sum(written_at), 0) FROM directory",
                    row -> row.getLong(1) + "/" + row.getString(2)))
        .getFirst();
  }

  /**
   * Puts these in the place of what the table has under their keys, all or none; what was written
   * later than one of them stays.
   */
  public void write(List<Row> rows) {
    ledger.write(
        connection -> {
          for (Row row : rows) {
            Sql.execute(
                connection,
                "INSERT INTO directory (entry, written_at, written_by, value, crc) VALUES (?, ?, ?,"
                    + " ?, ?) ON CONFLICT (entry) DO UPDATE SET written_at = excluded.written_at,"
                    + " written_by = excluded.written_by, value = excluded.value, crc ="
                    + " excluded.crc WHERE (excluded.written_at, excluded.written_by) >"
                    + " (directory.written_at, directory.written_by)",
                row.key,
                row.time,
                row.node,
                row.value,
                sum(row).value());
          }
        });
  }

  /** Removes what the table has under the keys of these. */
  public void remove(List<Row> rows) {
    ledger.write(
        connection -> {
          for (Row row : rows) {
            Sql.execute(connection, "DELETE FROM directory WHERE entry = ?", row.key);
          }
        });
  }

  private static Row row(ResultSet columns) throws SQLException {
    var row =
        new Row(
            columns.getString("entry"),
            columns.getLong("written_at"),
            columns.getString("written_by"),
            columns.getBytes("value"));
    sum(row).compare(columns, "crc", "directory", "'" + row.key + "'");
    return row;
  }

  private static RowSum sum(Row row) {
    return new RowSum().begin().add(row.key).add(row.time).add(row.node).add(row.value);
  }
}
