package dev.fanfare.ledger;

import dev.fanfare.ledger.AnnouncedFences.Fenced;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Mark;
import dev.fanfare.shard.ShardLimits;
import dev.fanfare.shard.Submission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asynchronous invocations that were accepted and have not ended: what a shard can be given again
 * after a restart, or later, when it has room. An invocation leaves in the transaction that writes
 * its end ({@link InvocationHistory#append}).
 *
 * <p>Thread-safe; {@link #accept} and {@link #mark} never block, what reads blocks on the disk.
 */
public final class AcceptedWork {
  private static final long AGING_MICROS = ShardLimits.DEFAULT.agingPerPriority().toNanos() / 1_000;

  private static final long BYTES_BESIDES_PAYLOAD = 150;
  private static final long BYTES_PER_MARK = 50;

  private final Ledger ledger;
  private final RowCounts counts;
  private final HistoryNumbers numbers;
  private final WorkKinds kinds = new WorkKinds();
  private final DeadLetters deadLetters;
  private final IdempotencyKeys keys;
  private final Claim claim;
  private final Prepared insert;
  private final Prepared delete = new Prepared(WorkRows.DELETE);
  private final Prepared mark = new Prepared(WorkRows.MARK);
  private final Prepared unmark = new Prepared(WorkRows.UNMARK);
  private final RowSum sum = new RowSum();
  private final SettingAside settingAside;

  AcceptedWork(
      Ledger ledger,
      RowCounts counts,
      HistoryNumbers numbers,
      IdempotencyKeys keys,
      Claim claim,
      Clock clock) {
    this.ledger = ledger;
    this.counts = counts;
    this.numbers = numbers;
    this.keys = keys;
    this.deadLetters = new DeadLetters(ledger, counts, kinds);
    this.claim = claim;
    this.insert = new Prepared(WorkRows.insert(claim));
    this.settingAside = new SettingAside(ledger, counts, kinds, numbers, claim, clock);
    ledger.writer().onRollback(kinds::forget);
  }

  /** Those that failed for good. */
  public DeadLetters deadLetters() {
    return deadLetters;
  }

  /** The keys that some came under. */
  public IdempotencyKeys keys() {
    return keys;
  }

  /** A function in a tenant: its work is a queue of its own. */
  public record Queue(TenantId tenant, FunctionName function) {
    /** The queue that the submission stands in. */
    public static Queue of(Submission work) {
      return new Queue(work.target().tenant(), work.target().function());
    }
  }

  /**
   * Where a submission stands in its function's queue, lower first: when it was made, epoch
   * microseconds, less what its priority is worth.
   */
  public static long place(Submission work) {
    return work.id().epochMillis() * 1_000 - work.priority() * AGING_MICROS;
  }

  /**
   * Keeps these until they end; one that is kept already stays as it was. The stage completes, on a
   * thread that must not be blocked, once they are on disk; it fails with {@link LedgerException}
   * when they are not known to be, at once when too much waits to be written.
   */
  public CompletionStage<Void> accept(List<Submission> work) {
    return accept(work, List.of());
  }

  /** The same; some of the work comes under keys, which are kept with it or not at all. */
  public CompletionStage<Void> accept(List<Submission> work, List<IdempotencyKeys.Claimed> claims) {
    List<Submission> kept = List.copyOf(work);
    long bytes = 0;
    for (Submission one : kept) {
      bytes += BYTES_BESIDES_PAYLOAD + one.payload().size();
    }
    return ledger
        .writer()
        .submit(
            kept.size(),
            bytes,
            connection -> {
              insert(connection, kept);
              keys.insert(connection, claims);
            });
  }

  /** Keeps how far these have come, of one invocation the latest; as {@link #accept}. */
  public CompletionStage<Void> mark(List<Mark> marks) {
    List<Mark> kept = List.copyOf(marks);
    return ledger
        .writer()
        .submit(kept.size(), kept.size() * BYTES_PER_MARK, connection -> mark(connection, kept));
  }

  /**
   * Announces leases of these, above the fences they come with: from then on an end of an attempt
   * before is kept only if this node writes it. Where no other node writes there is nothing to be
   * announced. As {@link #accept}.
   *
   * @return those that are this node's to lease: others have ended meanwhile, or were taken over
   */
  public CompletionStage<List<Submission>> announce(List<Submission> work) {
    if (!ledger.shared() || work.isEmpty()) {
      return CompletableFuture.completedFuture(work);
    }
    List<Submission> kept = List.copyOf(work);
    Set<InvocationId> own = new HashSet<>();
    return ledger
        .writer()
        .submit(
            kept.size(),
            kept.size() * BYTES_PER_MARK,
            connection -> {
              own.clear();
              own.addAll(claim.announce(connection, fenced(connection, kept)));
            })
        .thenApply(done -> kept.stream().filter(one -> own.contains(one.id())).toList());
  }

  private List<Fenced> fenced(Connection connection, List<Submission> work) throws SQLException {
    List<Fenced> fenced = new ArrayList<>(work.size());
    for (Submission one : work) {
      int function = numbers.function(connection, one.target().tenant(), one.target().function());
      fenced.add(new Fenced(function, one.id(), one.resumed().fence()));
    }
    return fenced;
  }

  /** How many are kept; of all nodes that share the ledger, others' as of a second ago. */
  public long count() {
    return counts.committed(RowCounts.Table.ACCEPTED);
  }

  /** This node's functions with work that is ready as soon as it is taken up. */
  public List<Queue> queues() {
    return ledger.read(
        connection ->
            Sql.query(
                connection,
                "SELECT tenant, function FROM history_functions f WHERE EXISTS"
                    + " (SELECT 1 FROM accepted w WHERE w.function = f.number AND w.due IS NULL"
                    + claim.condition("w")
                    + ")",
                row ->
                    new Queue(new TenantId(row.getString(1)), new FunctionName(row.getString(2)))));
  }

  /**
   * The next of a function's work, in order. {@code origin} is who answers for it from now on. What
   * is damaged is ended meanwhile ({@code ledger-damaged}).
   */
  public WorkPages.Page page(Queue queue, WorkPages.Cursor after, int most, NodeId origin) {
    return whole(connection -> pages(connection, origin).standing(queue, after, most));
  }

  /**
   * Work that was submitted for later and is due by then (epoch microseconds), earliest first;
   * after the one of this time and id.
   */
  public List<Submission> due(
      long until, long after, InvocationId afterId, int most, NodeId origin) {
    return whole(connection -> pages(connection, origin).due(until, after, afterId, most));
  }

  /** When the first of the work is due that was submitted for later and is due after this time. */
  public Optional<Long> firstDue(long after) {
    return ledger
        .read(
            connection ->
                Sql.query(
                    connection,
                    "SELECT due FROM accepted w WHERE due IS NOT NULL AND due > ?"
                        + claim.condition("w")
                        + " ORDER BY due LIMIT 1",
                    row -> row.getLong(1),
                    after))
        .stream()
        .findFirst();
  }

  /** The tenant's invocation of this id, if it was accepted and has not ended. */
  public Optional<Submission> find(TenantId tenant, InvocationId id, NodeId origin) {
    return whole(connection -> pages(connection, origin).find(tenant, id));
  }

  /** The same, if it is this node's to bring to its end. */
  public Optional<Submission> findOwn(TenantId tenant, InvocationId id, NodeId origin) {
    return whole(connection -> pages(connection, origin).findOwn(tenant, id));
  }

  /** Whether other nodes keep theirs in the same ledger. */
  public boolean shared() {
    return ledger.shared();
  }

  /** Whether the ledger answers, as far as is known. */
  public boolean reachable() {
    return ledger.reachable();
  }

  /**
   * Makes some of what nodes had that are gone this node's own; never blocks.
   *
   * @return how much; when there was some, perhaps there is more
   */
  public CompletionStage<Integer> takeOver() {
    if (!(claim instanceof NodeClaim own)) {
      return CompletableFuture.completedFuture(0);
    }
    var taken = new AtomicInteger();
    return ledger
        .writer()
        .submit(1, 0, connection -> taken.set(own.takeOver(connection)))
        .thenApply(done -> taken.get());
  }

  /**
   * Is to be told when other nodes have taken this one for dead, and its work over. On a thread
   * that must not be blocked.
   */
  public void onOusted(Runnable listener) {
    ledger.writer().onOusted(listener);
  }

  /** The newest of the tenant's that pass the filter, newest first. */
  public List<Submission> newest(TenantId tenant, InvocationFilter filter, NodeId origin) {
    return ledger.read(connection -> pages(connection, origin).newest(tenant, filter));
  }

  /** Payloads that accepted work and dead letters need and that lie outside the ledger. */
  public Set<Sha256> payloadBlobs() {
    return ledger.read(
        connection ->
            new HashSet<>(
                Sql.query(
                    connection,
                    "SELECT payload_blob FROM accepted WHERE payload_blob IS NOT NULL UNION"
                        + " SELECT payload_blob FROM dead_letters WHERE payload_blob IS NOT NULL",
                    row -> new Sha256(row.getString(1)))));
  }

  /** The revisions that accepted work is to run. */
  public Set<RevisionId> revisions() {
    return ledger.read(
        connection ->
            new HashSet<>(
                Sql.query(
                    connection,
                    "SELECT encoded FROM work_kinds WHERE number IN (SELECT kind FROM accepted)",
                    row -> WorkKinds.decode(row.getBytes(1)).target().revision())));
  }

  /** Those of these ends that must not be written; part of the transaction that writes the rest. */
  Set<InvocationId> superseded(Connection connection, List<InvocationRecord> records)
      throws SQLException {
    if (!ledger.shared()) {
      return Set.of();
    }
    List<Fenced> ends = new ArrayList<>();
    for (InvocationRecord record : records) {
      if (record.async()) {
        int function = numbers.function(connection, record.tenant(), record.function());
        ends.add(new Fenced(function, record.id(), record.fence()));
      }
    }
    return claim.superseded(connection, ends);
  }

  /** These ended; part of the transaction that writes their ends. */
  void ended(Connection connection, List<InvocationRecord> records) throws SQLException {
    boolean marked = ledger.shared() || counts.of(RowCounts.Table.ATTEMPTS) > 0;
    PreparedStatement remove = delete.on(connection);
    PreparedStatement forget = unmark.on(connection);
    List<byte[]> dead = new ArrayList<>();
    List<Integer> functionsOfDead = new ArrayList<>();
    for (InvocationRecord record : records) {
      if (record.async()) {
        byte[] id = Ids.bytes(record.id());
        int function = numbers.function(connection, record.tenant(), record.function());
        if (record.state() == InvocationState.FAILED) {
          dead.add(id);
          functionsOfDead.add(function);
        }
        remove.setInt(1, function);
        remove.setBytes(2, id);
        remove.addBatch();
        if (marked) {
          forget.setBytes(1, id);
          forget.addBatch();
        }
      }
    }
    deadLetters.keep(connection, dead, functionsOfDead);
    counts.add(RowCounts.Table.ACCEPTED, -Arrays.stream(remove.executeBatch()).sum());
    counts.add(RowCounts.Table.ATTEMPTS, -Arrays.stream(forget.executeBatch()).sum());
  }

  private void insert(Connection connection, List<Submission> work) throws SQLException {
    PreparedStatement statement = insert.on(connection);
    for (Submission one : work) {
      int function = numbers.function(connection, one.target().tenant(), one.target().function());
      WorkRows.bind(statement, one, function, kinds.number(connection, one), sum);
      statement.addBatch();
    }
    counts.add(RowCounts.Table.ACCEPTED, Arrays.stream(statement.executeBatch()).sum());
  }

  private void mark(Connection connection, List<Mark> marks) throws SQLException {
    PreparedStatement statement = mark.on(connection);
    for (Mark one : marks) {
      WorkRows.bind(statement, one, sum);
      statement.addBatch();
    }
    // An update counts like an insert, so that this is at least how many there are.
    counts.add(RowCounts.Table.ATTEMPTS, Arrays.stream(statement.executeBatch()).sum());
  }

  /** Reads again without what is damaged, one row after the other, once that has been ended. */
  private <T> T whole(Readers.Work<T> work) {
    while (true) {
      try {
        return ledger.read(work);
      } catch (LedgerException e) {
        if (!(e.getCause() instanceof DamagedRow row && row.isOfWork() && settingAside.end(row))) {
          throw e;
        }
      }
    }
  }

  private WorkPages pages(Connection connection, NodeId origin) {
    return new WorkPages(connection, kinds, origin, claim, ledger.damage());
  }
}
