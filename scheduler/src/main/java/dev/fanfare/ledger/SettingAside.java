package dev.fanfare.ledger;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.Usage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Accepted work whose row is damaged: nobody knows any more what was to be run, so it ends, failed
 * ({@code ledger-damaged}). Its row goes to the dead letters as it is. Blocks.
 */
final class SettingAside {
  private static final RevisionId UNKNOWN = new RevisionId(new Sha256("0".repeat(64)));
  private static final String OF_ROW = " WHERE function = ? AND id = ?";

  private final Ledger ledger;
  private final RowCounts counts;
  private final WorkKinds kinds;
  private final HistoryNumbers numbers;
  private final Claim claim;
  private final Clock clock;

  SettingAside(
      Ledger ledger,
      RowCounts counts,
      WorkKinds kinds,
      HistoryNumbers numbers,
      Claim claim,
      Clock clock) {
    this.ledger = ledger;
    this.counts = counts;
    this.kinds = kinds;
    this.numbers = numbers;
    this.claim = claim;
    this.clock = clock;
  }

  private record Named(TenantId tenant, FunctionName function) {}

  /** Ends it; false if it is not this node's to end, or is gone. */
  boolean end(DamagedRow row) {
    var ended = new AtomicBoolean();
    ledger.write(connection -> ended.set(end(connection, row)));
    ledger
        .damage()
        .met(
            row,
            ended.get()
                ? "the invocation was ended as failed (ledger-damaged), its row is a dead letter"
                : "who asks for it is refused");
    return ended.get();
  }

  private boolean end(Connection connection, DamagedRow row) throws SQLException {
    String own = OF_ROW + claim.condition("accepted");
    int dead =
        Sql.execute(
            connection,
            "INSERT INTO dead_letters (id, function, kind, payload_blob, work, crc) SELECT id,"
                + " function, kind, payload_blob, work, crc FROM accepted"
                + own
                + " ON CONFLICT DO NOTHING",
            row.function(),
            row.id());
    Optional<InvocationRecord> end = record(connection, row);
    int gone = Sql.execute(connection, "DELETE FROM accepted" + own, row.function(), row.id());
    if (gone == 0) {
      return false;
    }
    counts.add(RowCounts.Table.DEAD_LETTERS, dead);
    counts.add(RowCounts.Table.ACCEPTED, -gone);
    counts.add(
        RowCounts.Table.ATTEMPTS, -Sql.execute(connection, WorkRows.UNMARK, (Object) row.id()));
    if (end.isPresent()) {
      counts.add(RowCounts.Table.INVOCATIONS, write(connection, end.get()));
    }
    return true;
  }

  private int write(Connection connection, InvocationRecord end) throws SQLException {
    try (var insert = connection.prepareStatement(InvocationRows.INSERT)) {
      InvocationRows.bind(
          insert,
          end,
          numbers.function(connection, end.tenant(), end.function()),
          numbers.revision(connection, end.revision()),
          new RowSum());
      return insert.executeUpdate();
    }
  }

  /** Nothing where the row has no function's number, or no id: then nobody can ask for its end. */
  private Optional<InvocationRecord> record(Connection connection, DamagedRow row)
      throws SQLException {
    Optional<Named> named =
        Sql.query(
                connection,
                "SELECT tenant, function FROM history_functions WHERE number = ?",
                found ->
                    new Named(
                        new TenantId(found.getString(1)), new FunctionName(found.getString(2))),
                row.function())
            .stream()
            .findFirst();
    if (named.isEmpty() || row.id().length != 16) {
      return Optional.empty();
    }
    var id = Ids.id(row.id());
    long now = Sql.micros(clock.instant());
    String message = row.getMessage() + "; submit it again";
    return Optional.of(
        new InvocationRecord(
            id,
            named.get().tenant(),
            named.get().function(),
            revision(connection, row),
            InvocationState.FAILED,
            "",
            true,
            0,
            0,
            0,
            0,
            Optional.empty(),
            new NodeId("ledger"),
            Math.min(id.epochMillis() * 1_000, now),
            0,
            0,
            now,
            Optional.of(new Outcome.Failure(Fault.of(FailureCode.LEDGER_DAMAGED, message))),
            Usage.NONE));
  }

  private RevisionId revision(Connection connection, DamagedRow row) throws SQLException {
    List<Integer> kind =
        Sql.query(
            connection,
            "SELECT kind FROM accepted" + OF_ROW,
            found -> found.getInt(1),
            row.function(),
            row.id());
    boolean known =
        !kind.isEmpty()
            && !Sql.query(
                    connection,
                    "SELECT 1 FROM work_kinds WHERE number = ?",
                    found -> 1,
                    kind.getFirst())
                .isEmpty();
    return known ? kinds.kind(connection, kind.getFirst()).target().revision() : UNKNOWN;
  }
}
