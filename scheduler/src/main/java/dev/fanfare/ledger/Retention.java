package dev.fanfare.ledger;

import dev.fanfare.ledger.RowCounts.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;

/**
 * How long history is kept.
 *
 * @param age of an invocation, from its submission, until it and its logs are removed
 * @param invocations the most that are kept; beyond, the oldest are removed
 * @param logLines the most that are kept; beyond, those of the oldest invocations are removed
 */
public record Retention(Duration age, long invocations, long logLines) {
  public static final Retention DEFAULT = new Retention(Duration.ofDays(7), 5_000_000, 5_000_000);

  public Retention {
    if (!age.isPositive() || invocations < 1 || logLines < 1) {
      throw new IllegalArgumentException("history is kept for some time and some rows, not none");
    }
  }

  /**
   * Removes in small bites between the writes what is kept no longer, so that it never holds them
   * up. For the writing thread only.
   */
  static final class Sweep {
    private static final int ROWS_PER_BITE = 4_000;
    private static final long MILLIS_BETWEEN_BITES = 100;
    private static final long MILLIS_WHEN_NOTHING_IS_LEFT = 1_000;

    private final Retention retention;
    private final RowCounts counts;
    private final Clock clock;
    private final Dialect dialect;
    private long nextBite;

    Sweep(Retention retention, RowCounts counts, Dialect dialect, Clock clock) {
      this.retention = retention;
      this.counts = counts;
      this.dialect = dialect;
      this.clock = clock;
    }

    /** Removes a little, if it is time to and there is something. */
    void bite(Connection connection) throws SQLException {
      long now = clock.millis();
      if (now < nextBite) {
        return;
      }
      nextBite = now + MILLIS_WHEN_NOTHING_IS_LEFT;
      if (!dialect.maySweep(connection)) {
        connection.rollback();
        return;
      }
      counts.refresh(connection);
      int removed =
          bite(connection, Table.INVOCATIONS, "id", retention.invocations)
              + bite(connection, Table.LOGS, "invocation, fence, line", retention.logLines)
              + bite(connection, Table.DEAD_LETTERS, "id", DeadLetters.MOST)
              + IdempotencyKeys.sweep(connection, oldestClaim(), ROWS_PER_BITE);
      counts.commit(connection);
      if (removed > 0) {
        nextBite = now + MILLIS_BETWEEN_BITES;
      }
    }

    private int bite(Connection connection, Table table, String key, long most)
        throws SQLException {
      long excess = counts.of(table) - most;
      int removed =
          excess > 0
              ? delete(connection, table, key, Long.MAX_VALUE, Math.min(excess, ROWS_PER_BITE))
              : delete(connection, table, key, oldestKept(), ROWS_PER_BITE);
      counts.add(table, -removed);
      return removed;
    }

    private long oldestClaim() {
      return Sql.micros(clock.instant().minus(IdempotencyKeys.KEPT));
    }

    private long oldestKept() {
      return clock.instant().minus(retention.age).toEpochMilli();
    }

    private static int delete(
        Connection connection, Table table, String key, long beforeMillis, long rows)
        throws SQLException {
      String first = key.split(",", 2)[0];
      String name = table.sqlName();
      try (PreparedStatement delete =
          connection.prepareStatement(
              "DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s WHERE %s < ? ORDER BY %s LIMIT ?)"
                  .formatted(name, key, key, name, first, key))) {
        delete.setBytes(1, Ids.firstOf(beforeMillis));
        delete.setLong(2, rows);
        return delete.executeUpdate();
      }
    }
  }
}
