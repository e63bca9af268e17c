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
   * @param superseded those that are of attempts that were given up: another node runs them again
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

  /** The tenant's ended invocation of this id, if it is kept. */
  public Optional<InvocationRecord> find(TenantId tenant, InvocationId id) {
    return find(tenant, List.of(id)).stream().findFirst();
  }

  /** The tenant's ended invocations of these ids, at most 1,000, that are kept. */
  public List<InvocationRecord> find(TenantId tenant, List<InvocationId> ids) {
    return ids.isEmpty() ? List.of() : ledger.read(connection -> find(connection, tenant, ids));
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

  private Kept keep(Connection connection, List<InvocationRecord> records) throws SQLException {
    Set<InvocationId> superseded = accepted.superseded(connection, records);
    List<InvocationRecord> rest =
        superseded.isEmpty()
            ? records
            : records.stream().filter(one -> !superseded.contains(one.id())).toList();
    return new Kept(insert(connection, rest), superseded);
  }

  private List<InvocationRecord> insert(Connection connection, List<InvocationRecord> records)
      throws SQLException {
    PreparedStatement statement = insert.on(connection);
    for (InvocationRecord record : records) {
      InvocationRows.bind(
          statement,
          record,
          numbers.function(connection, record.tenant(), record.function()),
          numbers.revision(connection, record.revision()));
      statement.addBatch();
    }
    int inserted = Arrays.stream(statement.executeBatch()).sum();
    counts.add(RowCounts.Table.INVOCATIONS, inserted);
    accepted.ended(connection, records);
    return inserted == records.size() ? List.of() : standing(connection, records);
  }

  /** Of these, the kept ones that another lease's end, or another end, was kept of before. */
  private static List<InvocationRecord> standing(
      Connection connection, List<InvocationRecord> records) throws SQLException {
    List<InvocationRecord> standing = new ArrayList<>();
    for (InvocationRecord record : records) {
      for (InvocationRecord kept : find(connection, record.tenant(), List.of(record.id()))) {
        if (kept.state() != record.state()
            || kept.fence() != record.fence()
            || kept.endedAt() != record.endedAt()) {
          standing.add(kept);
        }
      }
    }
    return standing;
  }

  private static List<InvocationRecord> find(
      Connection connection, TenantId tenant, List<InvocationId> ids) throws SQLException {
    List<Object> values = new ArrayList<>();
    values.add(tenant.value());
    ids.forEach(id -> values.add(Ids.bytes(id)));
    return Sql.query(
        connection,
        InvocationRows.SELECT
            + "WHERE f.tenant = ? AND i.id IN (?"
            + ", ?".repeat(ids.size() - 1)
            + ")",
        InvocationRows::read,
        values.toArray());
  }

  private static long resultBytes(InvocationRecord record) {
    return record.outcome().orElse(null) instanceof Outcome.Success(Payload.Inline result)
        ? result.size()
        : 0;
  }

  private static List<InvocationRecord> list(
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

  private static List<InvocationRecord> take(
      ResultSet rows, TenantId tenant, InvocationFilter filter) throws SQLException {
    int tenantColumn = rows.findColumn("tenant");
    int stateColumn = rows.findColumn("state");
    int wanted = filter.state().map(InvocationRows::number).orElse(0);
    List<InvocationRecord> taken = new ArrayList<>();
    while (taken.size() < filter.limit() && rows.next()) {
      if ((wanted == 0 || wanted == rows.getInt(stateColumn))
          && tenant.value().equals(rows.getString(tenantColumn))) {
        taken.add(InvocationRows.read(rows));
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
