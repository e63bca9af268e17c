package dev.fanfare.benchmark;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The yardstick: rows as accepted work has them, written to a bare database, one sync a group. */
final class BareRows implements AutoCloseable {
  private static final String TABLE =
      "CREATE TABLE bare_rows (function INTEGER NOT NULL, id %1$s NOT NULL, kind INTEGER NOT NULL,"
          + " work %1$s NOT NULL, PRIMARY KEY (function, id)) %2$s";

  private final Connection connection;
  private final PreparedStatement insert;
  private final byte[] id = new byte[16];
  private final byte[] work = new byte[40];
  private long number;

  private BareRows(Connection connection) throws SQLException {
    this.connection = connection;
    connection.setAutoCommit(false);
    insert = connection.prepareStatement("INSERT INTO bare_rows VALUES (1, ?, 1, ?)");
    new SecureRandom().nextBytes(work);
  }

  static BareRows sqlite(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute(TABLE.formatted("BLOB", "WITHOUT ROWID"));
    }
    return new BareRows(connection);
  }

  static BareRows postgresql(String url) throws SQLException {
    Connection connection = DriverManager.getConnection(url);
    try (var statement = connection.createStatement()) {
      statement.execute(TABLE.formatted("BYTEA", ""));
    }
    return new BareRows(connection);
  }

  /** Writes groups of this many for so long. */
  Figures run(int group, double seconds) throws SQLException {
    var times = new Times();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (long now = System.nanoTime(); now < end; ) {
      write(group);
      long after = System.nanoTime();
      times.took(after - now);
      now = after;
    }
    return times.figures(group);
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
