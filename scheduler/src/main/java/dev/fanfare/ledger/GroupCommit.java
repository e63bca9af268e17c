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

/**
 * The one thread that writes: takes all changes that wait, up to {@link #ROWS_PER_COMMIT} rows, runs them
 * in order in one transaction and answers them once it is committed. While it waits for the disk, the
 * next transaction gathers.
 */
final class GroupCommit implements AutoCloseable {
  /** After this many rows a transaction takes no more changes. */
  static final int ROWS_PER_COMMIT = 2_000;

  /** The most rows that may wait; changes beyond are refused. */
  static final int MOST_ROWS_WAITING = 200_000;

  /** The most payload bytes that may wait; changes beyond are refused. */
  static final long MOST_BYTES_WAITING = 64L << 20;

  private static final long IDLE_MILLIS = 250;

  private final Connection connection;
  private final RowCounts counts;
  private final Retention.Sweep sweep;
  private final List<Runnable> rollbackListeners = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Change<?>> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger rowsWaiting = new AtomicInteger();
  private final AtomicLong bytesWaiting = new AtomicLong();
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean ended;

  /** What to do with the writing connection; neither commits nor keeps it. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  GroupCommit(Connection connection, RowCounts counts, Retention.Sweep sweep) {
    this.connection = connection;
    this.counts = counts;
    this.sweep = sweep;
    this.thread = Thread.ofPlatform().name("fanfare-ledger").start(this::write);
  }

  /** Queues a change; never blocks. Fails when too much waits. */
  <T> CompletableFuture<T> submit(int rows, long bytes, Work<T> work) {
    if (closing) {
      return CompletableFuture.failedFuture(LedgerException.closed());
    }
    int rowsThen = rowsWaiting.addAndGet(rows);
    long bytesThen = bytesWaiting.addAndGet(bytes);
    if (rowsThen > MOST_ROWS_WAITING || bytesThen > MOST_BYTES_WAITING) {
      rowsWaiting.addAndGet(-rows);
      bytesWaiting.addAndGet(-bytes);
      return CompletableFuture.failedFuture(LedgerException.full(rowsThen - rows));
    }
    var change = new Change<>(rows, bytes, work);
    waiting.add(change);
    if (ended) {
      refuseWaiting();
    }
    return change.done;
  }

  /** Is to be told, on the writing thread, when a transaction was undone. */
  void onRollback(Runnable listener) {
    rollbackListeners.add(listener);
  }

  /** Writes what waits, then ends the thread and closes the connection. */
  @Override
  public void close() {
    closing = true;
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
        List<Change<?>> changes = next();
        if (!changes.isEmpty()) {
          commit(changes);
        }
        sweep.bite(connection);
      }
    } catch (SQLException e) {
      throw LedgerException.failed(e);
    } finally {
      closing = true;
      ended = true;
      refuseWaiting();
    }
  }

  private void refuseWaiting() {
    for (Change<?> change = waiting.poll(); change != null; change = waiting.poll()) {
      change.fail(LedgerException.closed());
    }
  }

  private List<Change<?>> next() {
    List<Change<?>> changes = new ArrayList<>();
    int rows = 0;
    for (Change<?> change = poll(); change != null; change = waiting.poll()) {
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

  private @Nullable Change<?> poll() {
    try {
      return waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return null;
    }
  }

  private void commit(List<Change<?>> changes) throws SQLException {
    try {
      for (Change<?> change : changes) {
        change.run(connection);
      }
      counts.commit(connection);
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      counts.rollback();
      rollbackListeners.forEach(Runnable::run);
      apart(changes, e);
      return;
    }
    changes.forEach(Change::answer);
  }

  /** One of them failed: each by itself, so that only the bad ones fail. */
  private void apart(List<Change<?>> changes, Exception failure) throws SQLException {
    if (changes.size() == 1) {
      changes.getFirst().fail(failure);
      return;
    }
    for (Change<?> change : changes) {
      commit(List.of(change));
    }
  }

  private static final class Change<T> {
    private final int rows;
    private final long bytes;
    private final Work<T> work;
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private @Nullable T answer;

    private Change(int rows, long bytes, Work<T> work) {
      this.rows = rows;
      this.bytes = bytes;
      this.work = work;
    }

    private void run(Connection connection) throws SQLException {
      answer = work.run(connection);
    }

    @SuppressWarnings("NullAway") // a Work<Void> answers null
    private void answer() {
      done.complete(answer);
    }

    private void fail(Exception failure) {
      done.completeExceptionally(
          failure instanceof LedgerException known ? known : LedgerException.failed(failure));
    }
  }
}
