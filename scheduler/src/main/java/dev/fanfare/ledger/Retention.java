package dev.fanfare.ledger;

import dev.fanfare.ledger.RowCounts.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * How long history is kept.
 *
 * @param age of an invocation since its end, and of a line since it was written, until it is
 *     removed
 * @param invocations the most that are kept; beyond, the oldest are removed
 * @param logLines the most that are kept; beyond, the oldest of the oldest invocations are removed
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

    /** Among so many of the first rows those are removed that are over for longest. */
    private static final int ROWS_LOOKED_AT = 10_000;

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
          bite(connection, Table.INVOCATIONS, "id", "ended_at", retention.invocations)
              + bite(
                  connection,
                  Table.LOGS,
                  "invocation, fence, line",
                  "written_at",
                  retention.logLines)
              + tooMany(connection, Table.DEAD_LETTERS, "id", "id", DeadLetters.MOST)
              + IdempotencyKeys.sweep(connection, oldestClaim(), ROWS_PER_BITE);
      counts.commit(connection);
      if (removed > 0) {
        nextBite = now + MILLIS_BETWEEN_BITES;
      }
    }

    private int bite(Connection connection, Table table, String key, String end, long most)
        throws SQLException {
      return counts.of(table) > most
          ? tooMany(connection, table, key, end, most)
          : tooOld(connection, table, key, end);
    }

    private int tooMany(Connection connection, Table table, String key, String end, long most)
        throws SQLException {
      long excess = Math.min(counts.of(table) - most, ROWS_PER_BITE);
      return excess <= 0 ? 0 : delete(connection, table, key, end, "", "", excess);
    }

    /** What was submitted long ago may have ended just now, so that its end is looked at, too. */
    private int tooOld(Connection connection, Table table, String key, String end)
        throws SQLException {
      Instant oldest = clock.instant().minus(retention.age);
      return delete(
          connection,
          table,
          key,
          end,
          "WHERE " + key.split(",", 2)[0] + " < ?",
          "WHERE ended < ?",
          Ids.firstOf(oldest.toEpochMilli()),
          Sql.micros(oldest),
          ROWS_PER_BITE);
    }

    private long oldestClaim() {
      return Sql.micros(clock.instant().minus(IdempotencyKeys.KEPT));
    }

    private int delete(
        Connection connection,
        Table table,
        String key,
        String end,
        String first,
        String then,
        Object... values)
        throws SQLException {
      int removed =
          Sql.execute(
              connection,
              """
              DELETE FROM %1$s WHERE (%2$s) IN (SELECT %2$s FROM
                (SELECT %2$s, %3$s AS ended FROM %1$s %4$s ORDER BY %2$s LIMIT %6$s) AS oldest
                %5$s ORDER BY ended LIMIT ?)\
              """
                  .formatted(table.sqlName(), key, end, first, then, ROWS_LOOKED_AT),
              values);
      counts.add(table, -removed);
      return removed;
    }
  }
}
