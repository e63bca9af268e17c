package dev.fanfare.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
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
  private final Map<Table, Long> current = new EnumMap<>(Table.class);
  private final Prepared update =
      new Prepared("UPDATE row_counts SET row_count = ? WHERE table_name = ?");

  RowCounts(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT row_count FROM row_counts WHERE table_name = ?")) {
      for (Table table : Table.values()) {
        select.setString(1, table.sqlName);
        try (var rows = select.executeQuery()) {
          committed.put(table, rows.next() ? rows.getLong(1) : 0);
        }
      }
    }
    connection.commit();
    current.putAll(committed);
  }

  /** As of the latest transaction. From any thread. */
  long committed(Table table) {
    return committed.getOrDefault(table, 0L);
  }

  long of(Table table) {
    return current.getOrDefault(table, 0L);
  }

  void add(Table table, long rows) {
    current.merge(table, rows, Long::sum);
  }

  /** The last step of a transaction. */
  void commit(Connection connection) throws SQLException {
    for (Table table : Table.values()) {
      if (of(table) != committed(table)) {
        write(connection, table);
      }
    }
    connection.commit();
    committed.putAll(current);
  }

  private void write(Connection connection, Table table) throws SQLException {
    PreparedStatement statement = update.on(connection);
    statement.setLong(1, of(table));
    statement.setString(2, table.sqlName);
    statement.executeUpdate();
  }

  void rollback() {
    current.putAll(committed);
  }
}
