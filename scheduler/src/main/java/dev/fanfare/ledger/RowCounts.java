package dev.fanfare.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many rows the large tables have, kept in the transactions that change them, so that nobody
 * need count millions. For the writing thread only, but for {@link #committed(Table)}.
 */
final class RowCounts {
  /** A table that grows without end unless rows are removed. */
  enum Table {
    INVOCATIONS("invocations"),
    LOGS("logs"),
    ACCEPTED("accepted"),
    ATTEMPTS("attempts"),
    DEAD_LETTERS("dead_letters");

    private final String sqlName;

    Table(String sqlName) {
      this.sqlName = sqlName;
    }

    String sqlName() {
      return sqlName;
    }
  }

  private final Map<Table, Long> committed = new ConcurrentHashMap<>();
  private final Map<Table, Long> others = new ConcurrentHashMap<>();
  private final Map<Table, Long> current = new EnumMap<>(Table.class);
  private final Optional<Integer> holder;
  private final String own;
  private final Prepared update;
  private final Prepared selectOthers;
  private final RowSum sum = new RowSum();

  /** Of a ledger that is one node's alone. */
  RowCounts(Connection connection) throws SQLException {
    this(
        connection,
        Optional.empty(),
        "SELECT table_name, row_count, crc FROM row_counts",
        "INSERT INTO row_counts (row_count, crc, table_name) VALUES (?, ?, ?) ON CONFLICT"
            + " (table_name) DO UPDATE SET row_count = excluded.row_count, crc = excluded.crc");
  }

  /** Of a ledger that others change, too: each counts its own changes. */
  RowCounts(Connection connection, int holder) throws SQLException {
    this(
        connection,
        Optional.of(holder),
        "SELECT table_name, row_count, crc FROM row_counts WHERE holder = " + holder,
        "INSERT INTO row_counts (holder, row_count, crc, table_name) VALUES ("
            + holder
            + ", ?, ?, ?) ON CONFLICT (holder, table_name) DO UPDATE SET row_count ="
            + " excluded.row_count, crc = excluded.crc");
    refresh(connection);
    connection.commit();
  }

  private RowCounts(Connection connection, Optional<Integer> holder, String own, String update)
      throws SQLException {
    this.holder = holder;
    this.own = own;
    this.update = new Prepared(update);
    this.selectOthers =
        new Prepared(
            "SELECT table_name, sum(row_count) FROM row_counts WHERE holder <> "
                + holder.orElse(0)
                + " GROUP BY table_name");
    readAgain(connection);
  }

  /** What was counted as not committed may have been when the connection was lost. */
  void readAgain(Connection connection) throws SQLException {
    Map<Table, Long> found = own(connection);
    connection.commit();
    committed.clear();
    committed.putAll(found);
    rollback();
  }

  /** Looks what the others have counted. Part of a transaction. */
  void refresh(Connection connection) throws SQLException {
    if (holder.isPresent()) {
      PreparedStatement select = selectOthers.on(connection);
      try (ResultSet rows = select.executeQuery()) {
        others.putAll(read(rows));
      }
    }
  }

  /** What was kept; counted anew where that is damaged, and where nobody else counts, too. */
  private Map<Table, Long> own(Connection connection) throws SQLException {
    Map<Table, Long> counts = new EnumMap<>(Table.class);
    Sql.query(
        connection,
        own,
        row -> {
          String name = row.getString("table_name");
          long count = row.getLong("row_count");
          if (holder.isPresent()) {
            sum(name, count).compare(row, "crc", "row_counts", name);
          }
          Table table = sum(name, count).differs(row, "crc") ? null : table(name);
          if (table != null) {
            counts.put(table, count);
          }
          return name;
        });
    for (Table table : Table.values()) {
      if (holder.isEmpty() && !counts.containsKey(table)) {
        counts.put(table, count(connection, table));
      }
    }
    return counts;
  }

  private static long count(Connection connection, Table table) throws SQLException {
    return Sql.query(connection, "SELECT count(*) FROM " + table.sqlName, row -> row.getLong(1))
        .getFirst();
  }

  private RowSum sum(String table, long count) {
    return sum.begin().add(table).add(count);
  }

  private static @Nullable Table table(String name) {
    for (Table table : Table.values()) {
      if (table.sqlName.equals(name)) {
        return table;
      }
    }
    return null;
  }

  private static Map<Table, Long> read(ResultSet rows) throws SQLException {
    Map<Table, Long> counts = new EnumMap<>(Table.class);
    while (rows.next()) {
      Table table = table(rows.getString(1));
      if (table != null) {
        counts.put(table, rows.getLong(2));
      }
    }
    return counts;
  }

  /** As of the latest transaction. From any thread. */
  long committed(Table table) {
    return Math.max(0, committed.getOrDefault(table, 0L) + others.getOrDefault(table, 0L));
  }

  long of(Table table) {
    return own(table) + others.getOrDefault(table, 0L);
  }

  private long own(Table table) {
    return current.getOrDefault(table, 0L);
  }

  void add(Table table, long rows) {
    current.merge(table, rows, Long::sum);
  }

  /** The last step of a transaction. */
  void commit(Connection connection) throws SQLException {
    for (Table table : Table.values()) {
      if (own(table) != committed.getOrDefault(table, 0L)) {
        write(connection, table);
      }
    }
    connection.commit();
    committed.putAll(current);
  }

  private void write(Connection connection, Table table) throws SQLException {
    PreparedStatement statement = update.on(connection);
    statement.setLong(1, own(table));
    statement.setLong(2, sum(table.sqlName, own(table)).value());
    statement.setString(3, table.sqlName);
    statement.executeUpdate();
  }

  void rollback() {
    current.clear();
    current.putAll(committed);
  }
}
