package dev.fanfare.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Connections to a SQLite file that are open all the time. */
final class SqliteReaders implements Readers {
  private static final int CONNECTIONS = 2;
  private static final long LOOK_MILLIS = 50;

  private final BlockingQueue<Connection> free = new ArrayBlockingQueue<>(CONNECTIONS);
  private final AtomicBoolean closed = new AtomicBoolean();

  SqliteReaders(Sqlite sqlite) throws SQLException {
    for (int i = 0; i < CONNECTIONS; i++) {
      free.add(sqlite.reader());
    }
  }

  @Override
  public <T> T read(Work<T> work) {
    Connection connection = take();
    try {
      return work.run(connection);
    } catch (SQLException e) {
      throw LedgerException.failed(e);
    } finally {
      free.add(connection);
    }
  }

  @Override
  public void close() throws SQLException {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        free.take().close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LedgerException.failed(e);
    }
  }

  /** Waits for a free connection; a reader that waits while another closes is refused. */
  private Connection take() {
    try {
      while (!closed.get()) {
        Connection connection = free.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (connection != null) {
          return connection;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LedgerException.failed(e);
    }
    throw LedgerException.closed();
  }
}
