package dev.fanfare.ledger;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
    Optional<Integer> known = find(connection, table, where, values);
    if (known.isPresent()) {
      return known.get();
    }
    String columns = values.length == 1 ? "revision" : "tenant, function";
    String places = "?, ".repeat(values.length - 1) + "?";
    Sql.execute(
        connection,
        "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING".formatted(table, columns, places),
        (Object[]) values);
    int number = find(connection, table, where, values).orElseThrow();
    if (values.length == 2) {
      Sql.execute(
          connection,
          "UPDATE history_functions SET crc = ? WHERE number = ?",
          sum(number, values[0], values[1]).value(),
          number);
    }
    return number;
  }

  /** Looks at all functions' rows; what revisions' rows say is in the checksums of others. */
  static void requireWhole(Connection connection) throws SQLException {
    Sql.query(
        connection,
        "SELECT * FROM history_functions",
        row -> {
          int number = row.getInt("number");
          sum(number, row.getString("tenant"), row.getString("function"))
              .compare(row, "crc", "history_functions", number);
          return number;
        });
  }

  private static RowSum sum(int number, String tenant, String function) {
    return new RowSum().begin().add(number).add(tenant).add(function);
  }

  private static Optional<Integer> find(
      Connection connection, String table, String where, String... values) throws SQLException {
    return Sql.query(
            connection,
            "SELECT number FROM " + table + " WHERE " + where,
            row -> row.getInt(1),
            (Object[]) values)
        .stream()
        .findFirst();
  }
}
