package dev.fanfare.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/** Connections to a SQLite file: one that writes, others that read beside it. */
final class Sqlite {
  private static final int BUSY_MILLIS = 10_000;
  private static final int CACHE_KIBIBYTES = 8_192;
  private static final int PAGES_BETWEEN_CHECKPOINTS = 4_000;

  private final Path file;

  Sqlite(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** Every commit is on disk when it returns. */
  Connection writer() throws SQLException {
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

  Connection reader() throws SQLException {
    SQLiteConfig config = config();
    config.setReadOnly(true);
    return open(config);
  }

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
