package dev.fanfare.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/** The database that a ledger is in, as far as databases differ. */
interface Dialect extends AutoCloseable {

  /** What messages call it. */
  String name();

  /** The folder of the scripts that make its schema. */
  String schema();

  /** A connection to write by, one at a time, whose transactions are to be committed. */
  Connection writer() throws SQLException;

  /** Connections to read by. */
  Readers readers() throws SQLException;

  /** Whether other nodes use the same ledger, over a network. */
  boolean shared();

  /** Keeps others from changing the schema until the transaction ends. */
  void lockSchema(Connection connection) throws SQLException;

  /**
   * Takes, until the transaction ends, the right to remove what is old; false if another has it.
   */
  boolean maySweep(Connection connection) throws SQLException;

  /** Whether it is the connection that failed, so that another is to be made. */
  boolean lost(Connection connection, SQLException failure);

  @Override
  void close();
}
