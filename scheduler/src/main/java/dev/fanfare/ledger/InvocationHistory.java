package dev.fanfare.ledger;

import dev.fanfare.ledger.FunctionStatistics.Call;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.WorkerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What became of ended invocations. Thread-safe; {@link #append} never blocks, what reads blocks on
 * the disk.
 */
public final class InvocationHistory {
  /** A list looks at no more than this many of the newest rows, so that it ends soon. */
  static final int MOST_LOOKED_AT = 100_000;

  private static final long BYTES_BESIDES_RESULT = 200;

  private final Ledger ledger;
  private final RowCounts counts;
  private final HistoryNumbers numbers;
  private final AcceptedWork accepted;
  private final Prepared insert = new Prepared(InvocationRows.INSERT);
  private final RowSum sum = new RowSum();

  InvocationHistory(
      Ledger ledger, RowCounts counts, HistoryNumbers numbers, AcceptedWork accepted) {
    this.ledger = ledger;
    this.counts = counts;
    this.numbers = numbers;
    this.accepted = accepted;
  }

  /**
   * What became of ends that were to be kept, but for those that are.
   *
   * @param standing the ends that stand in the place of some that came too late
   * @param superseded those that are of attempts that were given up: another node runs them again;
   *     and those in whose place an end stands that is damaged
   */
  public record Kept(List<InvocationRecord> standing, Set<InvocationId> superseded) {
    /** All were kept. */
    public static final Kept ALL = new Kept(List.of(), Set.of());

    public Kept {
      standing = List.copyOf(standing);
      superseded = Set.copyOf(superseded);
    }
  }

  /**
   * Keeps these ended invocations and lets go of them as {@link AcceptedWork}, in one transaction;
   * one that is kept already stays as it was, so that its first end stands. The stage completes, on
   * a thread that must not be blocked, once they are on disk; it fails with {@link LedgerException}
   * when they are not known to be, at once when too much waits to be written.
   */
  public CompletionStage<Kept> append(List<InvocationRecord> records) {
    List<InvocationRecord> kept = List.copyOf(records);
    long bytes = 0;
    for (InvocationRecord record : kept) {
      InvocationRows.number(record.state());
      bytes += BYTES_BESIDES_RESULT + resultBytes(record);
    }
    var answer = new AtomicReference<>(Kept.ALL);
    return ledger
        .writer()
        .submit(kept.size(), bytes, connection -> answer.set(keep(connection, kept)))
        .thenApply(done -> answer.get());
  }

  /**
   * The tenant's ended invocation of this id, if it is kept.
   *
   * @throws LedgerException if its row is damaged
   */
  public Optional<InvocationRecord> find(TenantId tenant, InvocationId id) {
    return ledger.read(connection -> find(connection, List.of(id), InvocationRows::read)).stream()
        .filter(record -> record.tenant().equals(tenant))
        .findFirst();
  }

  /**
   * The tenant's ended invocations of these ids, at most 1,000, that are kept, and whose rows are
   * whole.
   */
  public List<InvocationRecord> find(TenantId tenant, List<InvocationId> ids) {
    return ids.isEmpty()
        ? List.of()
        : ledger
            .read(connection -> find(connection, ids, ledger.whole(InvocationRows::read)))
            .stream()
            .flatMap(Optional::stream)
            .filter(record -> record.tenant().equals(tenant))
            .toList();
  }

  /** The tenant's ended invocations that pass the filter, newest first. */
  public List<InvocationRecord> list(TenantId tenant, InvocationFilter filter) {
    if (filter.state().isPresent() && !filter.state().get().terminal()) {
      return List.of();
    }
    return ledger.read(connection -> list(connection, tenant, filter));
  }

  /** The function's figures. */
  public FunctionStatistics statistics(TenantId tenant, FunctionName function) {
    return FunctionStatistics.of(calls(tenant, function));
  }

  /** The function's newest calls that ended, at most {@link FunctionStatistics#MOST_CALLS}. */
  public List<Call> calls(TenantId tenant, FunctionName function) {
    return ledger.read(connection -> calls(connection, tenant, function));
  }

  /** In the order of their ids, so that no two nodes wait for each other. */
  private Kept keep(Connection connection, List<InvocationRecord> unordered) throws SQLException {
    List<InvocationRecord> records =
        unordered.stream().sorted(Comparator.comparing(InvocationRecord::id)).toList();
    Set<InvocationId> superseded = accepted.superseded(connection, records);
    List<InvocationRecord> rest =
        superseded.isEmpty()
            ? records
            : records.stream().filter(one -> !superseded.contains(one.id())).toList();
    return insert(connection, rest, superseded);
  }

  private Kept insert(
      Connection connection, List<InvocationRecord> records, Set<InvocationId> superseded)
      throws SQLException {
    PreparedStatement statement = insert.on(connection);
    for (InvocationRecord record : records) {
      InvocationRows.bind(
          statement,
          record,
          numbers.function(connection, record.tenant(), record.function()),
          numbers.revision(connection, record.revision()),
          sum);
      statement.addBatch();
    }
    int inserted = Arrays.stream(statement.executeBatch()).sum();
    counts.add(RowCounts.Table.INVOCATIONS, inserted);
    accepted.ended(connection, records);
    return inserted == records.size()
        ? new Kept(List.of(), superseded)
        : standing(connection, records, superseded);
  }

  /** Of these, the kept ones that another lease's end, or another end, was kept of before. */
  private Kept standing(
      Connection connection, List<InvocationRecord> records, Set<InvocationId> superseded)
      throws SQLException {
    List<InvocationRecord> standing = new ArrayList<>();
    Set<InvocationId> untold = new HashSet<>(superseded);
    for (InvocationRecord record : records) {
      for (var kept : find(connection, List.of(record.id()), ledger.whole(InvocationRows::read))) {
        if (kept.isEmpty()) {
          untold.add(record.id());
        } else if (differ(kept.get(), record)) {
          standing.add(kept.get());
        }
      }
    }
    return new Kept(standing, untold);
  }

  private static boolean differ(InvocationRecord one, InvocationRecord other) {
    return one.state() != other.state()
        || one.fence() != other.fence()
        || one.endedAt() != other.endedAt();
  }

  static <T> List<T> find(Connection connection, List<InvocationId> ids, Sql.RowReader<T> reader)
      throws SQLException {
    return Sql.query(
        connection,
        InvocationRows.SELECT + "WHERE i.id IN (?" + ", ?".repeat(ids.size() - 1) + ")",
        reader,
        ids.stream().map(Ids::bytes).toArray());
  }

  private static long resultBytes(InvocationRecord record) {
    return record.outcome().orElse(null) instanceof Outcome.Success(Payload.Inline result)
        ? result.size()
        : 0;
  }

  private List<InvocationRecord> list(
      Connection connection, TenantId tenant, InvocationFilter filter) throws SQLException {
    boolean succeeded = filter.state().filter(InvocationState.SUCCEEDED::equals).isPresent();
    boolean ended = filter.state().isPresent();
    String sql =
        InvocationRows.SELECT
            + "WHERE i.id >= ?"
            + (filter.function().isPresent() ? " AND i.function = ?" : "")
            + (ended && !succeeded ? " AND i.state <> 1 AND i.state = ?" : "")
            + " ORDER BY i.id DESC LIMIT "
            + MOST_LOOKED_AT;
    List<Object> values = new ArrayList<>();
    values.add(Ids.firstOf(filter.since().map(Instant::toEpochMilli).orElse(0L)));
    if (filter.function().isPresent()) {
      values.add(number(connection, tenant, filter.function().get()));
    }
    if (ended && !succeeded) {
      values.add(InvocationRows.number(filter.state().orElseThrow()));
    }
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      Sql.bind(select, values.toArray());
      try (ResultSet rows = select.executeQuery()) {
        return take(rows, tenant, filter);
      }
    }
  }

  private List<InvocationRecord> take(ResultSet rows, TenantId tenant, InvocationFilter filter)
      throws SQLException {
    int tenantColumn = rows.findColumn("tenant");
    int stateColumn = rows.findColumn("state");
    int wanted = filter.state().map(InvocationRows::number).orElse(0);
    List<InvocationRecord> taken = new ArrayList<>();
    while (taken.size() < filter.limit() && rows.next()) {
      String itsTenant = rows.getString(tenantColumn);
      if ((wanted == 0 || wanted == rows.getInt(stateColumn))
          && (itsTenant == null || itsTenant.equals(tenant.value()))) {
        ledger.whole(InvocationRows::read).read(rows).ifPresent(taken::add);
      }
    }
    return taken;
  }

  private static List<Call> calls(Connection connection, TenantId tenant, FunctionName function)
      throws SQLException {
    String sql =
        "SELECT state, submitted_at, started_at, run_micros, worker, id FROM invocations"
            + " WHERE function = ? ORDER BY id DESC LIMIT "
            + FunctionStatistics.MOST_CALLS;
    return Sql.query(
        connection,
        sql,
        row -> {
          long started = row.getLong(3);
          return new Call(
              Ids.id(row.getBytes(6)),
              InvocationRows.state(row.getInt(1)) == InvocationState.FAILED,
              started == 0 ? -1 : Math.max(0, started - row.getLong(2)),
              row.getLong(4),
              Optional.ofNullable(row.getString(5)).map(WorkerId::new));
        },
        number(connection, tenant, function));
  }

  /** The function's number in the rows; 0, which none has, when it has no history. */
  private static int number(Connection connection, TenantId tenant, FunctionName function)
      throws SQLException {
    return Sql.query(
            connection,
            "SELECT number FROM history_functions WHERE tenant = ? AND function = ?",
            row -> row.getInt(1),
            tenant.value(),
            function.value())
        .stream()
        .findFirst()
        .orElse(0);
  }
}
