package dev.fanfare.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A few connections that read; each serves one caller at a time, others wait. */
final class Readers implements AutoCloseable {
  private static final int CONNECTIONS = 2;

  private final BlockingQueue<Connection> free = new ArrayBlockingQueue<>(CONNECTIONS);

  Readers(Sqlite sqlite) throws SQLException {
    for (int i = 0; i < CONNECTIONS; i++) {
      free.add(sqlite.reader());
    }
  }

  /** What to do with a reading connection; does not keep it. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  <T> T read(Work<T> work) {
    Connection connection = take();
    try {
      return work.run(connection);
    } catch (SQLException e) {
      throw LedgerException.failed(e);
    } finally {
      free.add(connection);
    }
  }

  /** Waits for those who read. */
  @Override
  public void close() throws SQLException {
    for (int i = 0; i < CONNECTIONS; i++) {
      take().close();
    }
  }

  private Connection take() {
    try {
      return free.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LedgerException.failed(e);
    }
  }
}
