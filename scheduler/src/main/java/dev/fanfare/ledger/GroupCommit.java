package dev.fanfare.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes: takes all changes that wait, up to {@link #ROWS_PER_COMMIT} rows,
 * runs them in order in one transaction and answers them once it is committed. While it waits for
 * the disk, the next transaction gathers.
 */
final class GroupCommit implements AutoCloseable {
  /** After this many rows a transaction takes no more changes. */
  static final int ROWS_PER_COMMIT = 2_000;

  /** The most rows that may wait; changes beyond are refused. */
  static final int MOST_ROWS_WAITING = 200_000;

  /** The most bytes that may wait; changes beyond are refused, unless they are alone. */
  static final long MOST_BYTES_WAITING = 64L << 20;

  private static final long IDLE_MILLIS = 250;

  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  private final Connection connection;
  private final RowCounts counts;
  private final Retention.Sweep sweep;
  private final List<Runnable> rollbackListeners = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger rowsWaiting = new AtomicInteger();
  private final AtomicLong bytesWaiting = new AtomicLong();
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean ended;

  /** What to do with the writing connection; neither commits nor keeps it. */
  interface Change {
    void apply(Connection connection) throws SQLException;
  }

  GroupCommit(Connection connection, RowCounts counts, Retention.Sweep sweep) {
    this.connection = connection;
    this.counts = counts;
    this.sweep = sweep;
    this.thread = Thread.ofPlatform().name("fanfare-ledger").start(this::write);
  }

  /** Queues a change; never blocks. Fails when too much waits. */
  CompletableFuture<Void> submit(int rows, long bytes, Change change) {
    if (closing) {
      return CompletableFuture.failedFuture(LedgerException.closed());
    }
    int rowsThen = rowsWaiting.addAndGet(rows);
    long bytesThen = bytesWaiting.addAndGet(bytes);
    if (rowsThen > MOST_ROWS_WAITING || bytesThen > MOST_BYTES_WAITING && bytesThen > bytes) {
      rowsWaiting.addAndGet(-rows);
      bytesWaiting.addAndGet(-bytes);
      return CompletableFuture.failedFuture(LedgerException.full(rowsThen - rows));
    }
    var queued = new Waiting(rows, bytes, change, new CompletableFuture<>());
    waiting.add(queued);
    if (ended) {
      refuseWaiting();
    }
    return queued.done;
  }

  /** Is to be told, on the writing thread, when a transaction was undone. */
  void onRollback(Runnable listener) {
    rollbackListeners.add(listener);
  }

  /** Writes what waits, then ends the thread and closes the connection. */
  @Override
  public void close() {
    closing = true;
    waiting.add(new Waiting(0, 0, connection -> {}, new CompletableFuture<>())); // wakes it
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try (connection) {
      while (!closing || !waiting.isEmpty()) {
        List<Waiting> changes = next();
        if (!changes.isEmpty()) {
          commit(changes);
        }
        sweep();
      }
    } catch (SQLException e) {
      LOG.error("the ledger cannot be written any more; restart the node", e);
    } finally {
      closing = true;
      ended = true;
      refuseWaiting();
    }
  }

  private void refuseWaiting() {
    for (Waiting change = waiting.poll(); change != null; change = waiting.poll()) {
      change.fail(LedgerException.closed());
    }
  }

  private List<Waiting> next() {
    List<Waiting> changes = new ArrayList<>();
    int rows = 0;
    for (Waiting change = poll(); change != null; change = waiting.poll()) {
      changes.add(change);
      rows += change.rows;
      rowsWaiting.addAndGet(-change.rows);
      bytesWaiting.addAndGet(-change.bytes);
      if (rows >= ROWS_PER_COMMIT) {
        break;
      }
    }
    return changes;
  }

  private @Nullable Waiting poll() {
    try {
      return waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return null;
    }
  }

  private void commit(List<Waiting> changes) throws SQLException {
    try {
      for (Waiting change : changes) {
        change.change.apply(connection);
      }
      Failpoint.LEDGER_BEFORE_COMMIT.reach();
      counts.commit(connection);
      Failpoint.LEDGER_AFTER_COMMIT.reach();
    } catch (SQLException | RuntimeException e) {
      undo();
      apart(changes, e);
      return;
    }
    changes.forEach(Waiting::answer);
  }

  private void sweep() throws SQLException {
    try {
      sweep.bite(connection);
    } catch (SQLException e) {
      undo();
      LOG.warn("old history could not be removed; it is tried again", e);
    }
  }

  /** Takes the transaction back, unless SQLite has by itself, as it does on a full disk. */
  private void undo() throws SQLException {
    try {
      connection.rollback();
    } catch (SQLException e) {
      LOG.debug("no transaction was left to take back", e);
      beginAnew();
    }
    counts.rollback();
    rollbackListeners.forEach(Runnable::run);
  }

  private void beginAnew() throws SQLException {
    try {
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      LOG.debug("no transaction was left to end", e);
    }
    connection.setAutoCommit(false);
  }

  /** One of them failed: each by itself, so that only the bad ones fail. */
  private void apart(List<Waiting> changes, Exception failure) throws SQLException {
    if (changes.size() == 1) {
      changes.getFirst().fail(failure);
      return;
    }
    for (Waiting change : changes) {
      commit(List.of(change));
    }
  }

  /** A change that waits to be written. */
  private record Waiting(int rows, long bytes, Change change, CompletableFuture<Void> done) {

    @SuppressWarnings("NullAway") // null is what a Void is
    private void answer() {
      done.complete(null);
    }

    private void fail(Exception failure) {
      done.completeExceptionally(
          failure instanceof LedgerException known ? known : LedgerException.failed(failure));
    }
  }
}
