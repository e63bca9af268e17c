package dev.fanfare.ledger;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.shard.Submission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Accepted invocations that failed for good, kept with their payloads so that somebody can look and
 * submit them anew. What they failed of is in the history. Thread-safe; what reads blocks.
 */
public final class DeadLetters {
  /** The most kept; beyond, the oldest are removed. */
  public static final int MOST = 100_000;

  /** The most that one call reads or removes. */
  public static final int MOST_AT_ONCE = 1_000;

  private static final String INSERT =
      "INSERT INTO dead_letters (id, function, kind, payload_blob, work, crc)"
          + " SELECT id, function, kind, payload_blob, work, crc FROM accepted"
          + " WHERE function = ? AND id = ? ON CONFLICT DO NOTHING";

  private static final String SELECT =
      """
      SELECT d.*, 0 AS attempts, 0 AS losses, 0 AS fence, 0 AS again_at, 0 AS running,
        CAST(NULL AS BIGINT) AS marks_crc
      FROM dead_letters d JOIN history_functions f ON f.number = d.function
      WHERE f.tenant = ?\
      """;

  private static final int ID_BYTES = 16;
  private static final NodeId UNKNOWN = new NodeId("ledger");

  private static final String DELETE = "DELETE FROM dead_letters WHERE id = ?";

  private final Ledger ledger;
  private final RowCounts counts;
  private final WorkKinds kinds;
  private final Prepared insert = new Prepared(INSERT);

  DeadLetters(Ledger ledger, RowCounts counts, WorkKinds kinds) {
    this.ledger = ledger;
    this.counts = counts;
    this.kinds = kinds;
  }

  /** How many are kept, of all tenants. */
  public long count() {
    return counts.committed(RowCounts.Table.DEAD_LETTERS);
  }

  /**
   * The tenant's, newest first, perhaps of one function alone, before an id if there is one. Of one
   * whose end is history no more it is not told what it failed of.
   */
  public List<InvocationRecord> list(
      TenantId tenant, Optional<FunctionName> function, Optional<InvocationId> before, int most) {
    String sql =
        "SELECT d.id FROM dead_letters d JOIN history_functions f ON f.number = d.function"
            + " WHERE f.tenant = ?"
            + (function.isPresent() ? " AND f.function = ?" : "")
            + (before.isPresent() ? " AND d.id < ?" : "")
            + " ORDER BY d.id DESC LIMIT ?";
    var values = new ArrayList<Object>(List.of(tenant.value()));
    function.ifPresent(name -> values.add(name.value()));
    before.ifPresent(id -> values.add(Ids.bytes(id)));
    values.add(Math.clamp(most, 1, MOST_AT_ONCE));
    return ledger.read(
        connection ->
            list(
                connection,
                tenant,
                Sql.query(connection, sql, row -> row.getBytes(1), values.toArray()).stream()
                    .filter(id -> id.length == ID_BYTES)
                    .map(Ids::id)
                    .toList()));
  }

  private List<InvocationRecord> list(
      Connection connection, TenantId tenant, List<InvocationId> ids) throws SQLException {
    List<InvocationRecord> letters = new ArrayList<>();
    if (!ids.isEmpty()) {
      InvocationHistory.find(connection, ids, ledger.whole(InvocationRows::read)).stream()
          .flatMap(Optional::stream)
          .forEach(letters::add);
    }
    Set<InvocationId> rest = new LinkedHashSet<>(ids);
    letters.forEach(letter -> rest.remove(letter.id()));
    for (InvocationId id : rest) {
      Sql.query(
              connection,
              SELECT + " AND d.id = ?",
              ledger.whole(row -> withoutEnd(row, connection)),
              tenant.value(),
              Ids.bytes(id))
          .stream()
          .flatMap(Optional::stream)
          .forEach(letters::add);
    }
    letters.sort(Comparator.comparing(InvocationRecord::id).reversed());
    return letters;
  }

  private InvocationRecord withoutEnd(ResultSet row, Connection connection) throws SQLException {
    Submission work = WorkRows.read(connection, row, "dead_letters", kinds, UNKNOWN, 0);
    return new InvocationRecord(
        work.id(),
        work.target().tenant(),
        work.target().function(),
        work.target().revision(),
        InvocationState.FAILED,
        work.callId(),
        true,
        work.priority(),
        0,
        0,
        0,
        Optional.empty(),
        work.origin(),
        work.id().epochMillis() * 1_000,
        0,
        0,
        0,
        Optional.empty(),
        Usage.NONE);
  }

  /** The tenant's of this id as it was submitted. {@code origin} is who would submit it again. */
  public Optional<Submission> find(TenantId tenant, InvocationId id, NodeId origin) {
    return ledger
        .read(
            connection ->
                Sql.query(
                    connection,
                    SELECT + " AND d.id = ?",
                    row -> WorkRows.read(connection, row, "dead_letters", kinds, origin, 0),
                    tenant.value(),
                    Ids.bytes(id)))
        .stream()
        .findFirst();
  }

  /**
   * Removes these; those that are not there are ignored. Completes when they are gone from disk.
   */
  public CompletionStage<Void> remove(List<InvocationId> ids) {
    List<InvocationId> gone = List.copyOf(ids);
    return ledger.writer().submit(gone.size(), 0, connection -> remove(connection, gone));
  }

  /** Part of the transaction that writes the ends of these, before their work is let go of. */
  void keep(Connection connection, List<byte[]> ids, List<Integer> functions) throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    PreparedStatement statement = insert.on(connection);
    for (int i = 0; i < ids.size(); i++) {
      statement.setInt(1, functions.get(i));
      statement.setBytes(2, ids.get(i));
      statement.addBatch();
    }
    counts.add(RowCounts.Table.DEAD_LETTERS, Arrays.stream(statement.executeBatch()).sum());
  }

  private void remove(Connection connection, List<InvocationId> ids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
      for (InvocationId id : ids) {
        statement.setBytes(1, Ids.bytes(id));
        statement.addBatch();
      }
      counts.add(RowCounts.Table.DEAD_LETTERS, -Arrays.stream(statement.executeBatch()).sum());
    }
  }
}
