package dev.fanfare.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/** Connections to a SQLite file: one that writes, others that read beside it. */
final class Sqlite implements Dialect {
  private static final int BUSY_MILLIS = 10_000;
  private static final int CACHE_KIBIBYTES = 8_192;
  private static final int PAGES_BETWEEN_CHECKPOINTS = 4_000;

  private static final long MOST_BYTES_CHECKED_ALWAYS = 32L << 20;
  private static final long MOST_BYTES_CHECKED = 1L << 30;

  private final Path file;

  Sqlite(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public String schema() {
    return "schema/";
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public Readers readers() throws SQLException {
    return new SqliteReaders(this);
  }

  /** Every commit is on disk when it returns. */
  @Override
  public Connection writer() throws SQLException {
    SQLiteConfig config = config();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setPragma(
        SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, String.valueOf(PAGES_BETWEEN_CHECKPOINTS * 4096L));
    Connection connection = open(config);
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = " + PAGES_BETWEEN_CHECKPOINTS);
    }
    connection.setAutoCommit(false);
    return connection;
  }

  /**
   * Looks whether the file's trees are whole: after a crash, and where that takes no time.
   *
   * @throws LedgerException naming a place that is not
   */
  void check(Connection writer, boolean endedOrderly) throws SQLException, IOException {
    long bytes = Files.size(file);
    if (bytes > (endedOrderly ? MOST_BYTES_CHECKED_ALWAYS : MOST_BYTES_CHECKED)) {
      return;
    }
    try (var statement = writer.createStatement();
        var found = statement.executeQuery("PRAGMA quick_check(1)")) {
      String word = found.next() ? found.getString(1) : "";
      if (!word.equals("ok")) {
        throw LedgerException.damaged(file, "(" + word.strip().replace("\n", ", ") + ")");
      }
    } finally {
      writer.commit();
    }
  }

  Connection reader() throws SQLException {
    SQLiteConfig config = config();
    config.setReadOnly(true);
    return open(config);
  }

  /** Nobody else writes: the data folder is locked. */
  @Override
  public void lockSchema(Connection connection) {}

  @Override
  public boolean maySweep(Connection connection) {
    return true;
  }

  /** A file is not lost; what fails on it fails again. */
  @Override
  public boolean lost(Connection connection, SQLException failure) {
    return false;
  }

  @Override
  public void close() {}

  private Connection open(SQLiteConfig config) throws SQLException {
    return config.createConnection("jdbc:sqlite:" + file);
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setCacheSize(-CACHE_KIBIBYTES);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    return config;
  }
}
