package dev.fanfare.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many rows the large tables have, kept in the transactions that change them, so that nobody
 * need count millions. For the writing thread only.
 */
final class RowCounts {
  /** A table that grows without end unless rows are removed. */
  enum Table {
    INVOCATIONS("invocations"),
    LOGS("logs");

    private final String sqlName;

    Table(String sqlName) {
      this.sqlName = sqlName;
    }

    String sqlName() {
      return sqlName;
    }
  }

  private final Map<Table, Long> committed = new EnumMap<>(Table.class);
  private final Map<Table, Long> current = new EnumMap<>(Table.class);

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

  long of(Table table) {
    return current.getOrDefault(table, 0L);
  }

  void add(Table table, long rows) {
    current.merge(table, rows, Long::sum);
  }

  /** The last step of a transaction. */
  void commit(Connection connection) throws SQLException {
    if (!current.equals(committed)) {
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE row_counts SET row_count = ? WHERE table_name = ?")) {
        for (Table table : Table.values()) {
          update.setLong(1, of(table));
          update.setString(2, table.sqlName);
          update.executeUpdate();
        }
      }
    }
    connection.commit();
    committed.putAll(current);
  }

  void rollback() {
    current.putAll(committed);
  }
}
