package dev.fanfare.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/** A few connections that read; each serves one caller at a time, others wait. */
interface Readers extends AutoCloseable {

  /** What to do with a reading connection; does not keep it. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /**
   * Does this; blocks.
   *
   * @throws LedgerException if that fails, or the readers are closed
   */
  <T> T read(Work<T> work);

  /** Waits for those who read; later readers are refused. Closing again does nothing. */
  @Override
  void close() throws SQLException;
}
