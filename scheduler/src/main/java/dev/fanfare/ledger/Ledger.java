package dev.fanfare.ledger;

import dev.fanfare.protocol.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The durable record of truth: {@code ledger.db} of a data folder (SQLite, write-ahead log, every
 * commit synced), or a PostgreSQL database that all nodes of a cluster share. One thread writes,
 * grouping what waits into transactions; reads run beside it. Thread-safe; what is not said to
 * return a stage blocks, with PostgreSQL for a few seconds at most.
 */
public final class Ledger implements AutoCloseable {
  private final Dialect dialect;
  private final GroupCommit writer;
  private final Readers readers;
  private final InvocationHistory invocations;
  private final LogHistory logs;
  private final AcceptedWork accepted;
  private final Damage damage = new Damage();

  private Ledger(Dialect dialect, Opened opened, Readers readers, Retention kept, Clock clock) {
    this.dialect = dialect;
    this.readers = readers;
    RowCounts counts = opened.counts;
    this.writer =
        new GroupCommit(
            dialect,
            opened.connection,
            opened.claim,
            counts,
            new Retention.Sweep(kept, counts, dialect, clock));
    var numbers = new HistoryNumbers();
    writer.onRollback(numbers::forget);
    var keys = new IdempotencyKeys(this, numbers, clock);
    this.accepted = new AcceptedWork(this, counts, numbers, keys, opened.claim, clock);
    this.invocations = new InvocationHistory(this, counts, numbers, accepted);
    this.logs = new LogHistory(this, counts);
  }

  /** What a database is after it was found, checked and brought up to date. */
  private record Opened(Connection connection, RowCounts counts, Claim claim) {}

  /**
   * Opens the folder's own ledger, makes it if there is none, brings its schema up to date.
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
      Migrations.run(connection, sqlite);
      RowCounts counts = new RowCounts(connection);
      Claim claim = Claim.sole(counts);
      requireWholeNames(connection);
      claim.begin(connection);
      var opened = new Opened(connection, counts, claim);
      return new Ledger(sqlite, opened, sqlite.readers(), retention, clock);
    } catch (SQLException | IOException | RuntimeException e) {
      closeQuietly(connection, e);
      throw switch (e) {
        case LedgerException known -> known;
        case DamagedRow row -> LedgerException.damaged(row);
        default -> unusable(folder.path(), sqlite.file(), e);
      };
    }
  }

  /**
   * Opens a ledger that the nodes of a cluster share, makes it if there is none, brings its schema
   * up to date.
   *
   * @param node whose folder this is: what was its own work it has again
   * @throws LedgerException if the database is not reached, or is of a newer software
   */
  public static Ledger open(LedgerUrl url, NodeId node, Retention retention, Clock clock) {
    Postgres postgres = new Postgres(url);
    Connection connection = null;
    try {
      connection = postgres.writer();
      Migrations.run(connection, postgres);
      NodeClaim claim = new NodeClaim(node);
      requireWholeNames(connection);
      claim.begin(connection);
      connection.commit();
      RowCounts counts = new RowCounts(connection, claim.number());
      var opened = new Opened(connection, counts, claim);
      return new Ledger(postgres, opened, postgres.readers(), retention, clock);
    } catch (SQLException | RuntimeException e) {
      closeQuietly(connection, e);
      throw switch (e) {
        case LedgerException known -> known;
        case DamagedRow row -> LedgerException.damaged(row);
        default -> LedgerException.notReached(postgres.name(), e);
      };
    }
  }

  /** What many rows refer to is looked at before any of them is used. */
  private static void requireWholeNames(Connection connection) throws SQLException {
    HistoryNumbers.requireWhole(connection);
    WorkKinds.requireWhole(connection);
    connection.commit();
  }

  /**
   * Looks whether a shared ledger is reached, and changes nothing.
   *
   * @return what answers
   * @throws LedgerException if it is not, in words
   */
  public static String probe(LedgerUrl url) {
    Postgres postgres = new Postgres(url);
    try (Connection connection = postgres.writer()) {
      var data = connection.getMetaData();
      return data.getDatabaseProductName()
          + " "
          + data.getDatabaseProductVersion()
          + " at "
          + postgres.name();
    } catch (SQLException e) {
      throw LedgerException.notReached(postgres.name(), e);
    }
  }

  /** Whether the nodes of a cluster share it, so that one node need not ask another. */
  public boolean shared() {
    return dialect.shared();
  }

  /** Whether it answers, as far as is known; a file always does. */
  public boolean reachable() {
    return writer.reachable();
  }

  /** How many damaged rows were met since it was opened. */
  public int damagedRows() {
    return damage.rows();
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

  /** When API keys were last used. */
  public KeyUseTable keyUses() {
    return new KeyUseTable(this);
  }

  /**
   * Writes the ledger as it stands now to a new file, beside all other work.
   *
   * @throws LedgerException if that fails, or the ledger is shared
   */
  public void copyTo(Path file) {
    try (Connection connection = file().reader();
        var copy = connection.prepareStatement("VACUUM INTO ?")) {
      copy.setString(1, file.toString());
      copy.execute();
    } catch (SQLException e) {
      throw LedgerException.failed(e);
    }
  }

  /**
   * Does nothing if the ledger is a file of this node's.
   *
   * @throws LedgerException that says how to save it if it is not
   */
  public void requireFile() {
    var _ = file();
  }

  private Sqlite file() {
    if (dialect instanceof Sqlite sqlite) {
      return sqlite;
    }
    throw LedgerException.notAFile(dialect.name());
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
    if (!writer.reachable()) {
      throw LedgerException.unreachable(dialect.name());
    }
    try {
      return readers.read(work);
    } catch (LedgerException e) {
      if (e.getCause() instanceof DamagedRow row && !row.isOfWork()) {
        damage.met(row, "who asks for it is refused");
      }
      throw e;
    }
  }

  /** The same, of a row that is damaged nothing: the others are read without it. */
  <T> Sql.RowReader<Optional<T>> whole(Sql.RowReader<T> reader) {
    return row -> {
      try {
        return Optional.of(reader.read(row));
      } catch (DamagedRow damaged) {
        damage.met(damaged, "it is left out of what is listed");
        return Optional.empty();
      }
    };
  }

  Damage damage() {
    return damage;
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
