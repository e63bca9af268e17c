package dev.fanfare.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

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
  private final Prepared update;
  private final Prepared selectOthers;

  /** Of a ledger that is one node's alone. */
  RowCounts(Connection connection) throws SQLException {
    this(
        connection,
        Optional.empty(),
        "SELECT table_name, row_count FROM row_counts",
        "UPDATE row_counts SET row_count = ? WHERE table_name = ?");
  }

  /** Of a ledger that others change, too: each counts its own changes. */
  RowCounts(Connection connection, int holder) throws SQLException {
    this(
        connection,
        Optional.of(holder),
        "SELECT table_name, row_count FROM row_counts WHERE holder = " + holder,
        "INSERT INTO row_counts (holder, row_count, table_name) VALUES ("
            + holder
            + ", ?, ?) ON CONFLICT (holder, table_name) DO UPDATE SET row_count ="
            + " excluded.row_count");
    refresh(connection);
    connection.commit();
  }

  private RowCounts(Connection connection, Optional<Integer> holder, String own, String update)
      throws SQLException {
    this.holder = holder;
    this.update = new Prepared(update);
    this.selectOthers =
        new Prepared(
            "SELECT table_name, sum(row_count) FROM row_counts WHERE holder <> "
                + holder.orElse(0)
                + " GROUP BY table_name");
    read(connection, own).forEach(committed::put);
    connection.commit();
    current.putAll(committed);
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

  private static Map<Table, Long> read(Connection connection, String sql) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql);
        ResultSet rows = select.executeQuery()) {
      return read(rows);
    }
  }

  private static Map<Table, Long> read(ResultSet rows) throws SQLException {
    Map<Table, Long> counts = new EnumMap<>(Table.class);
    while (rows.next()) {
      for (Table table : Table.values()) {
        if (table.sqlName.equals(rows.getString(1))) {
          counts.put(table, rows.getLong(2));
        }
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
    statement.setString(2, table.sqlName);
    statement.executeUpdate();
  }

  void rollback() {
    current.clear();
    current.putAll(committed);
  }
}
