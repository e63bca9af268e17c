package dev.fanfare.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The durable record of truth in {@code ledger.db} of a data folder (SQLite, write-ahead log, every
 * commit synced). One thread writes, grouping what waits into transactions; reads run beside it.
 * Thread-safe; what is not said to return a stage blocks on the disk.
 */
public final class Ledger implements AutoCloseable {
  private final Sqlite sqlite;
  private final GroupCommit writer;
  private final Readers readers;
  private final InvocationHistory invocations;
  private final LogHistory logs;
  private final AcceptedWork accepted;

  private Ledger(
      Sqlite sqlite,
      GroupCommit writer,
      Readers readers,
      RowCounts counts,
      long epoch,
      Clock clock) {
    this.sqlite = sqlite;
    this.writer = writer;
    this.readers = readers;
    var numbers = new HistoryNumbers();
    writer.onRollback(numbers::forget);
    this.accepted =
        new AcceptedWork(this, counts, numbers, new IdempotencyKeys(this, numbers, clock), epoch);
    this.invocations = new InvocationHistory(this, counts, numbers, accepted);
    this.logs = new LogHistory(this, counts);
  }

  /**
   * Opens the folder's ledger, makes it if there is none, brings its schema up to date.
   *
   * @throws LedgerException if the file is no ledger, is of a newer software, is damaged elsewhere
   *     than at its torn end, or cannot be written
   */
  public static Ledger open(DataFolder folder, Retention retention, Clock clock) {
    Sqlite sqlite = new Sqlite(folder.path().resolve("ledger.db"));
    Connection connection = null;
    try {
      boolean clean = WriteAheadLogCheck.refuseDamage(sqlite.file());
      connection = sqlite.writer();
      sqlite.check(connection, clean);
      Migrations.run(connection, sqlite.file());
      RowCounts counts = new RowCounts(connection);
      long epoch = Epochs.begin(connection, counts);
      Readers readers = new Readers(sqlite);
      var sweep = new Retention.Sweep(retention, counts, clock);
      return new Ledger(
          sqlite, new GroupCommit(connection, counts, sweep), readers, counts, epoch, clock);
    } catch (SQLException | IOException | RuntimeException e) {
      closeQuietly(connection, e);
      throw e instanceof LedgerException known ? known : unusable(folder.path(), sqlite.file(), e);
    }
  }

  /** What became of ended invocations. */
  public InvocationHistory invocations() {
    return invocations;
  }

  /** Asynchronous invocations that have not ended. */
  public AcceptedWork accepted() {
    return accepted;
  }

  /** What functions wrote. */
  public LogHistory logs() {
    return logs;
  }

  /** What all nodes know alike: revisions, functions, aliases, keys. */
  public DirectoryTable directory() {
    return new DirectoryTable(this);
  }

  /** When this node last saw API keys used. */
  public KeyUseTable keyUses() {
    return new KeyUseTable(this);
  }

  /** Writes the ledger as it stands now to a new file, beside all other work. */
  public void copyTo(Path file) {
    try (Connection connection = sqlite.reader();
        var copy = connection.prepareStatement("VACUUM INTO ?")) {
      copy.setString(1, file.toString());
      copy.execute();
    } catch (SQLException e) {
      throw LedgerException.failed(e);
    }
  }

  /** Writes what waits, then closes the file; the writer last, since it can put the log into it. */
  @Override
  public void close() {
    try {
      readers.close();
    } catch (SQLException e) {
      throw LedgerException.failed(e);
    } finally {
      writer.close();
    }
  }

  GroupCommit writer() {
    return writer;
  }

  /** Writes with whatever else waits; returns once it is committed. */
  void write(GroupCommit.Change change) {
    try {
      writer.submit(1, 0, change).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LedgerException known ? known : LedgerException.failed(e);
    }
  }

  <T> T read(Readers.Work<T> work) {
    return readers.read(work);
  }

  private static LedgerException unusable(Path folder, Path file, Exception cause) {
    boolean writable = Files.isWritable(folder) && (!Files.exists(file) || Files.isWritable(file));
    return writable
        ? LedgerException.unreadable(file, cause)
        : LedgerException.folderUnusable(folder, new IOException("no permission", cause));
  }

  private static void closeQuietly(@Nullable Connection connection, Exception failure) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }
}
