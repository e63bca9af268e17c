package dev.fanfare.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes: takes all changes that wait, up to {@link #ROWS_PER_COMMIT} rows,
 * runs them in order in one transaction and answers them once it is committed. While it waits for
 * the disk, the next transaction gathers.
 *
 * <p>A database that is reached over a network may fall silent. Then nothing waits for longer than
 * {@link Lateness#LONGEST_MILLIS}, nothing more is taken, and the thread connects until it
 * succeeds.
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

  private final Dialect dialect;
  private final Claim claim;
  private final RowCounts counts;
  private final Retention.Sweep sweep;
  private final List<Runnable> rollbackListeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> oustedListeners = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger rowsWaiting = new AtomicInteger();
  private final AtomicLong bytesWaiting = new AtomicLong();
  private final Lateness lateness;
  private final Thread thread;
  private @Nullable Connection connection;
  private volatile List<Waiting> underWay = List.of();
  private volatile boolean reachable = true;
  private volatile boolean closing;
  private volatile boolean ended;

  /** What to do with the writing connection; neither commits nor keeps it. */
  interface Change {
    void apply(Connection connection) throws SQLException;
  }

  GroupCommit(
      Dialect dialect,
      Connection connection,
      Claim claim,
      RowCounts counts,
      Retention.Sweep sweep) {
    this.dialect = dialect;
    this.connection = connection;
    this.claim = claim;
    this.counts = counts;
    this.sweep = sweep;
    this.lateness = Lateness.watch(dialect, this::late);
    this.thread = Thread.ofPlatform().name("fanfare-ledger").start(this::write);
  }

  /** Queues a change; never blocks. Fails when too much waits or the database is not reached. */
  CompletableFuture<Void> submit(int rows, long bytes, Change change) {
    if (closing) {
      return CompletableFuture.failedFuture(LedgerException.closed());
    }
    if (!reachable) {
      return CompletableFuture.failedFuture(LedgerException.unreachable(dialect.name()));
    }
    int rowsThen = rowsWaiting.addAndGet(rows);
    long bytesThen = bytesWaiting.addAndGet(bytes);
    if (rowsThen > MOST_ROWS_WAITING || bytesThen > MOST_BYTES_WAITING && bytesThen > bytes) {
      rowsWaiting.addAndGet(-rows);
      bytesWaiting.addAndGet(-bytes);
      return CompletableFuture.failedFuture(LedgerException.full(rowsThen - rows));
    }
    var queued = new Waiting(rows, bytes, change);
    waiting.add(queued);
    if (ended) {
      refuseWaiting();
    }
    return queued.done;
  }

  /** Whether the database answers, as far as is known. From any thread. */
  boolean reachable() {
    return reachable;
  }

  /** Is to be told, on the writing thread, when a transaction was undone. */
  void onRollback(Runnable listener) {
    rollbackListeners.add(listener);
  }

  /** Is to be told, on the writing thread, when this node's work may be other nodes' by now. */
  void onOusted(Runnable listener) {
    oustedListeners.add(listener);
  }

  /** Writes what waits, then ends the thread and closes the connection. */
  @Override
  public void close() {
    closing = true;
    waiting.add(new Waiting(0, 0, none -> {})); // wakes it
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    lateness.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try {
      while (!closing || !waiting.isEmpty()) {
        Connection open = connected();
        if (open != null) {
          work(open);
        } else if (closing) {
          break;
        }
      }
      leave();
    } catch (SQLException e) {
      LOG.error("the ledger cannot be written any more; restart the node", e);
    } finally {
      closing = true;
      ended = true;
      refuseWaiting();
      disconnect();
    }
  }

  private void work(Connection open) throws SQLException {
    List<Waiting> changes = next();
    try {
      if (!changes.isEmpty() || claim.isDue()) {
        underWay = changes;
        commit(open, changes);
        reachable = true;
      }
      sweep(open);
    } catch (SQLException e) {
      if (!dialect.lost(open, e)) {
        throw e;
      }
      LOG.warn("the ledger {} was lost: {}", dialect.name(), e.getMessage());
      reachable = false;
      disconnect();
      forgetTransaction();
      changes.forEach(change -> change.fail(LedgerException.uncertain(e)));
    } finally {
      underWay = List.of();
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
      rowsWaiting.addAndGet(-change.rows);
      bytesWaiting.addAndGet(-change.bytes);
      if (change.take()) {
        changes.add(change);
        rows += change.rows;
      }
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

  private void commit(Connection open, List<Waiting> changes) throws SQLException {
    try {
      claim.hold(open);
      for (Waiting change : changes) {
        change.change.apply(open);
      }
      Failpoint.LEDGER_BEFORE_COMMIT.reach();
      counts.commit(open);
      Failpoint.LEDGER_AFTER_COMMIT.reach();
    } catch (SQLException | RuntimeException e) {
      SQLException cause = e instanceof SQLException sql ? sql : sqlCause(e);
      if (cause != null && dialect.lost(open, cause)) {
        throw cause;
      }
      undo(open);
      if (e instanceof LedgerException refused && refused.isOusted()) {
        beginAgain(open, changes, refused);
      } else {
        apart(open, changes, e);
      }
      return;
    }
    changes.forEach(Waiting::answer);
  }

  private static @Nullable SQLException sqlCause(Exception failure) {
    return failure.getCause() instanceof SQLException cause ? cause : null;
  }

  private void sweep(Connection open) throws SQLException {
    try {
      sweep.bite(open);
    } catch (SQLException e) {
      if (dialect.lost(open, e)) {
        throw e;
      }
      undo(open);
      LOG.warn("old history could not be removed; it is tried again", e);
    }
  }

  /** Takes the transaction back, unless the database has by itself, as on a full disk. */
  private void undo(Connection open) throws SQLException {
    try {
      open.rollback();
    } catch (SQLException e) {
      LOG.debug("no transaction was left to take back", e);
      beginAnew(open);
    }
    forgetTransaction();
  }

  private void forgetTransaction() {
    counts.rollback();
    rollbackListeners.forEach(Runnable::run);
  }

  private static void beginAnew(Connection open) throws SQLException {
    try {
      open.setAutoCommit(true);
    } catch (SQLException e) {
      LOG.debug("no transaction was left to end", e);
    }
    open.setAutoCommit(false);
  }

  /** One of them failed: each by itself, so that only the bad ones fail. */
  private void apart(Connection open, List<Waiting> changes, Exception failure)
      throws SQLException {
    if (changes.size() <= 1) {
      changes.forEach(change -> change.fail(failure));
      return;
    }
    for (Waiting change : changes) {
      commit(open, List.of(change));
    }
  }

  /** Others have taken this node for dead: it comes back with nothing of what it had. */
  private void beginAgain(Connection open, List<Waiting> changes, LedgerException refused)
      throws SQLException {
    LOG.warn("this node was silent and other nodes have taken its work over; it begins again");
    claim.begin(open);
    counts.commit(open);
    changes.forEach(change -> change.fail(refused));
    oustedListeners.forEach(Runnable::run);
  }

  // ---- a database that does not answer ----

  private @Nullable Connection connected() {
    Connection known = connection;
    if (known == null) {
      try {
        known = dialect.writer();
        connection = known;
        counts.readAgain(known);
        LOG.info("the ledger {} is reached again", dialect.name());
        reachable = true;
      } catch (SQLException e) {
        LOG.debug("the ledger {} is not reached", dialect.name(), e);
        disconnect();
        known = null;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS));
      }
    }
    return known;
  }

  private void disconnect() {
    Connection known = connection;
    connection = null;
    if (known != null) {
      try {
        known.close();
      } catch (SQLException e) {
        LOG.debug("the ledger's connection did not close", e);
      }
    }
  }

  /** Nobody waits for longer than so: what has not begun will not be written. */
  private void late(long madeBefore) {
    for (Waiting change : waiting) {
      if (change.madeAt - madeBefore > 0) {
        break;
      }
      if (change.take()) {
        change.fail(LedgerException.unreachable(dialect.name()));
      }
    }
    for (Waiting change : underWay) {
      if (change.madeAt - madeBefore < 0 && !change.done.isDone()) {
        reachable = false;
        change.fail(LedgerException.late(Lateness.LONGEST_MILLIS));
      }
    }
  }

  private void leave() throws SQLException {
    Connection open = connection;
    if (open != null) {
      try {
        claim.leave(open);
        open.commit();
      } catch (SQLException e) {
        if (!dialect.lost(open, e)) {
          throw e;
        }
      }
    }
  }

  /** A change that waits to be written. */
  private static final class Waiting {
    private final int rows;
    private final long bytes;
    private final Change change;
    private final long madeAt = System.nanoTime();
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Waiting(int rows, long bytes, Change change) {
      this.rows = rows;
      this.bytes = bytes;
      this.change = change;
    }

    /** Whether it is the caller's to write, or to give up. */
    private boolean take() {
      return taken.compareAndSet(false, true);
    }

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
