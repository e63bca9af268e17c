package dev.fanfare.benchmark;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;

/** The yardstick: rows as accepted work has them, written to a bare SQLite, one sync a group. */
final class BareRows implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement insert;
  private final byte[] id = new byte[16];
  private final byte[] work = new byte[40];
  private long number;

  BareRows(Path file) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute(
          "CREATE TABLE rows (function INTEGER NOT NULL, id BLOB NOT NULL, kind INTEGER NOT NULL,"
              + " work BLOB NOT NULL, PRIMARY KEY (function, id)) WITHOUT ROWID");
    }
    connection.setAutoCommit(false);
    insert = connection.prepareStatement("INSERT INTO rows VALUES (1, ?, 1, ?)");
    new SecureRandom().nextBytes(work);
  }

  /** One figure of a run. */
  record Figures(double rowsPerSecond, double p50Micros) {}

  /** Writes groups of this many for so long. */
  Figures run(int group, double seconds) throws SQLException {
    long[] took = new long[200_000];
    int groups = 0;
    long begun = System.nanoTime();
    long end = begun + (long) (seconds * 1e9);
    for (long now = begun; now < end && groups < took.length; groups++) {
      write(group);
      long after = System.nanoTime();
      took[groups] = after - now;
      now = after;
    }
    double lasted = (System.nanoTime() - begun) / 1e9;
    long[] sorted = Arrays.copyOf(took, groups);
    Arrays.sort(sorted);
    return new Figures(groups * (double) group / lasted, sorted[groups / 2] / 1e3);
  }

  private void write(int rows) throws SQLException {
    for (int i = 0; i < rows; i++) {
      number++;
      for (int at = 0; at < Long.BYTES; at++) {
        id[at] = (byte) (number >>> 8 * (Long.BYTES - 1 - at));
      }
      insert.setBytes(1, id.clone());
      insert.setBytes(2, work);
      insert.addBatch();
    }
    insert.executeBatch();
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
