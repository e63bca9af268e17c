package dev.fanfare.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A ledger in PostgreSQL. Nothing waits for it for longer than a few seconds: what does not answer
 * is taken to be lost, and connected to anew.
 */
final class Postgres implements Dialect {
  /** How long a connection may take to be made. */
  private static final int CONNECT_SECONDS = 2;

  /** How long the database may be silent while somebody waits for it. */
  private static final int ANSWER_SECONDS = 3;

  /**
   * What becomes of a session whose node is cut off or stands still in the middle of a transaction:
   * the database ends it, and with it the locks that other nodes wait for.
   */
  private static final String MINDFUL_OF_OTHERS =
      """
      SET idle_in_transaction_session_timeout = '2s';
      SET statement_timeout = '4s';
      SET tcp_keepalives_idle = 2;
      SET tcp_keepalives_interval = 1;
      SET tcp_keepalives_count = 3\
      """;

  private static final int MOST_READERS = 4;
  private static final int ROWS_PER_FETCH = 500;
  private static final String SCHEMA = "fanfare";

  /** Any number will do that other users of the database do not lock. */
  private static final long SCHEMA_LOCK = 0x66616e66617265L;

  private static final long SWEEP_LOCK = SCHEMA_LOCK + 1;

  private final LedgerUrl url;

  Postgres(LedgerUrl url) {
    this.url = url;
  }

  @Override
  public String name() {
    return url.toString();
  }

  @Override
  public String schema() {
    return "schema/postgresql/";
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public Connection writer() throws SQLException {
    Connection connection = DriverManager.getConnection(url.place(), properties());
    try (var statement = connection.createStatement()) {
      statement.execute(MINDFUL_OF_OTHERS);
    }
    connection.setAutoCommit(false);
    return connection;
  }

  /** The pool makes no connection before it is asked for one. */
  @Override
  public Readers readers() {
    HikariConfig config = new HikariConfig();
    config.setPoolName("fanfare-ledger");
    config.setJdbcUrl(url.place());
    config.setDataSourceProperties(properties());
    config.setAutoCommit(false);
    config.setMaximumPoolSize(MOST_READERS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECT_SECONDS * 1_000L);
    config.setValidationTimeout(1_000);
    config.setInitializationFailTimeout(-1);
    return new PooledReaders(new HikariDataSource(config), name());
  }

  @Override
  public void lockSchema(Connection connection) throws SQLException {
    Sql.query(connection, "SELECT pg_advisory_xact_lock(?)", row -> row, SCHEMA_LOCK);
    if (connection.getSchema() == null) {
      String wanted = properties().getProperty("currentSchema").split(",", 2)[0].strip();
      try (var statement = connection.createStatement()) {
        statement.execute("CREATE SCHEMA \"" + wanted.replace("\"", "") + "\"");
      }
    }
  }

  @Override
  public boolean maySweep(Connection connection) throws SQLException {
    return Sql.query(
            connection, "SELECT pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), SWEEP_LOCK)
        .getFirst();
  }

  /** Gone, shutting down, or become one that cannot be written to. */
  @Override
  public boolean lost(Connection connection, SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    try {
      return state.startsWith("08")
          || state.startsWith("57P")
          || state.equals("25006")
          || connection.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }

  @Override
  public void close() {}

  private Properties properties() {
    Properties properties = url.properties();
    properties.putIfAbsent("currentSchema", SCHEMA);
    properties.putIfAbsent("ApplicationName", "fanfare");
    properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
    properties.setProperty("loginTimeout", String.valueOf(CONNECT_SECONDS));
    properties.setProperty("socketTimeout", String.valueOf(ANSWER_SECONDS));
    properties.setProperty("tcpKeepAlive", "true");
    // else nobody knows how many rows a batch has changed
    properties.setProperty("reWriteBatchedInserts", "false");
    properties.setProperty("defaultRowFetchSize", String.valueOf(ROWS_PER_FETCH));
    return properties;
  }
}
