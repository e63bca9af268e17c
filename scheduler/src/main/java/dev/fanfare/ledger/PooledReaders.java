package dev.fanfare.ledger;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;

/** Connections to a database server, out of a pool that makes new ones for those that are lost. */
final class PooledReaders implements Readers {
  private final HikariDataSource pool;
  private final String ledger;

  PooledReaders(HikariDataSource pool, String ledger) {
    this.pool = pool;
    this.ledger = ledger;
  }

  @Override
  public <T> T read(Work<T> work) {
    if (pool.isClosed()) {
      throw LedgerException.closed();
    }
    try (Connection connection = pool.getConnection()) {
      T read = work.run(connection);
      connection.commit();
      return read;
    } catch (SQLException e) {
      throw LedgerException.notRead(ledger, e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
