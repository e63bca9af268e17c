package dev.fanfare.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Counts how often a ledger was opened, so that what is given anew is told from what was before.
 */
final class Epochs {
  private Epochs() {}

  /** Begins the next one; tidies up what nothing refers to. */
  static long begin(Connection connection, RowCounts counts) throws SQLException {
    long epoch = next(connection);
    if (counts.of(RowCounts.Table.ACCEPTED) == 0) {
      Sql.execute(connection, "DELETE FROM attempts");
      Sql.execute(
          connection, "DELETE FROM work_kinds WHERE number NOT IN (SELECT kind FROM dead_letters)");
      counts.add(RowCounts.Table.ATTEMPTS, -counts.of(RowCounts.Table.ATTEMPTS));
    }
    counts.commit(connection);
    return epoch;
  }

  /** Counts one more. Part of a transaction. */
  static long next(Connection connection) throws SQLException {
    var sum = new RowSum();
    long epoch =
        Sql.query(
                connection,
                "UPDATE epochs SET latest = latest + 1 RETURNING latest, crc",
                row -> {
                  long latest = row.getLong("latest");
                  sum.begin().add(latest - 1).compare(row, "crc", "epochs", latest - 1);
                  return latest;
                })
            .getFirst();
    Sql.execute(connection, "UPDATE epochs SET crc = ?", sum.begin().add(epoch).value());
    return epoch;
  }
}
