package dev.fanfare.ledger;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The short numbers of functions and revisions in the history's rows. For the writing thread only.
 */
final class HistoryNumbers {
  private final Map<Named, Integer> functions = new HashMap<>();
  private final Map<RevisionId, Integer> revisions = new HashMap<>();

  private record Named(TenantId tenant, FunctionName function) {}

  int function(Connection connection, TenantId tenant, FunctionName function) throws SQLException {
    Named named = new Named(tenant, function);
    Integer known = functions.get(named);
    if (known == null) {
      known =
          number(
              connection,
              "history_functions",
              "tenant = ? AND function = ?",
              tenant.value(),
              function.value());
      functions.put(named, known);
    }
    return known;
  }

  int revision(Connection connection, RevisionId revision) throws SQLException {
    Integer known = revisions.get(revision);
    if (known == null) {
      known = number(connection, "history_revisions", "revision = ?", revision.hash().hex());
      revisions.put(revision, known);
    }
    return known;
  }

  /** Numbers given in a transaction that was undone do not hold. */
  void forget() {
    functions.clear();
    revisions.clear();
  }

  private static int number(Connection connection, String table, String where, String... values)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT number FROM " + table + " WHERE " + where)) {
      Sql.bind(select, (Object[]) values);
      try (var rows = select.executeQuery()) {
        if (rows.next()) {
          return rows.getInt(1);
        }
      }
    }
    return insert(connection, table, values);
  }

  private static int insert(Connection connection, String table, String... values)
      throws SQLException {
    int number;
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT coalesce(max(number), 0) + 1 FROM " + table)) {
      number = rows.getInt(1);
    }
    String places = "?, ".repeat(values.length) + "?";
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + table + " VALUES (" + places + ")")) {
      insert.setInt(1, number);
      for (int i = 0; i < values.length; i++) {
        insert.setString(i + 2, values[i]);
      }
      insert.executeUpdate();
    }
    return number;
  }
}
