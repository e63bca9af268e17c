package dev.fanfare.ledger;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.TenantId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** What the ledger holds of deployments. Thread-safe; blocks until what it writes is on disk. */
public final class RevisionTable {
  private final Ledger ledger;

  RevisionTable(Ledger ledger) {
    this.ledger = ledger;
  }

  /** A revision, in whatever tenants. */
  public record Revision(RevisionId id, Instant createdAt, String manifest) {}

  /** That a revision has a function in a tenant. */
  public record Part(TenantId tenant, FunctionName function, RevisionId revision) {}

  /** Where an alias other than {@code live} points. */
  public record Alias(TenantId tenant, FunctionName function, String alias, RevisionId revision) {}

  /** Where {@code live} points or pointed: of one function the highest step is now. */
  public record LiveMove(
      TenantId tenant, FunctionName function, int step, RevisionId revision, Instant movedAt) {}

  /** All of it, moves in the order of their steps. */
  public record Contents(
      List<Revision> revisions, List<Part> parts, List<Alias> aliases, List<LiveMove> moves) {}

  /** Reads everything. */
  public Contents load() {
    return ledger.read(
        connection ->
            new Contents(
                Sql.query(connection, "SELECT * FROM revisions", RevisionTable::revision),
                Sql.query(connection, "SELECT * FROM function_revisions", RevisionTable::part),
                Sql.query(connection, "SELECT * FROM aliases", RevisionTable::alias),
                Sql.query(
                    connection, "SELECT * FROM live_moves ORDER BY step", RevisionTable::move)));
  }

  /**
   * Adds a revision unless it is there, the functions it has in a tenant, and moves of their live.
   */
  public void deploy(Revision revision, List<Part> parts, List<LiveMove> moves) {
    ledger.write(
        connection -> {
          Sql.execute(
              connection,
              "INSERT INTO revisions VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
              revision.id.toString(),
              Sql.micros(revision.createdAt),
              revision.manifest);
          for (Part part : parts) {
            Sql.execute(
                connection,
                "INSERT INTO function_revisions VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                part.tenant.value(),
                part.function.value(),
                part.revision.toString(),
                Sql.micros(revision.createdAt));
          }
          for (LiveMove move : moves) {
            insert(connection, move);
          }
        });
  }

  /** Adds a step of live. */
  public void moveLive(LiveMove move) {
    ledger.write(connection -> insert(connection, move));
  }

  /** Removes the highest step of live; the one below it is live from now. */
  public void moveLiveBack(LiveMove undone, Instant now) {
    ledger.write(
        connection -> {
          Sql.execute(
              connection,
              "DELETE FROM live_moves WHERE tenant = ? AND function = ? AND step >= ?",
              undone.tenant.value(),
              undone.function.value(),
              undone.step);
          Sql.execute(
              connection,
              "UPDATE live_moves SET moved_at = ? WHERE tenant = ? AND function = ? AND step ="
                  + " (SELECT max(step) FROM live_moves WHERE tenant = ? AND function = ?)",
              Sql.micros(now),
              undone.tenant.value(),
              undone.function.value(),
              undone.tenant.value(),
              undone.function.value());
        });
  }

  /** Points an alias, new or not. */
  public void setAlias(Alias alias, Instant now) {
    ledger.write(
        connection ->
            Sql.execute(
                connection,
                "INSERT INTO aliases VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant, function, alias)"
                    + " DO UPDATE SET revision = excluded.revision, moved_at = excluded.moved_at",
                alias.tenant.value(),
                alias.function.value(),
                alias.alias,
                alias.revision.toString(),
                Sql.micros(now)));
  }

  /** Removes an alias. */
  public void removeAlias(TenantId tenant, FunctionName function, String alias) {
    ledger.write(
        connection ->
            Sql.execute(
                connection,
                "DELETE FROM aliases WHERE tenant = ? AND function = ? AND alias = ?",
                tenant.value(),
                function.value(),
                alias));
  }

  /** Removes a function with its aliases; its revisions stay, for work that is under way. */
  public void deleteFunction(TenantId tenant, FunctionName function) {
    ledger.write(
        connection -> {
          for (String table : List.of("aliases", "live_moves", "function_revisions")) {
            Sql.execute(
                connection,
                "DELETE FROM " + table + " WHERE tenant = ? AND function = ?",
                tenant.value(),
                function.value());
          }
        });
  }

  private static void insert(Connection connection, LiveMove move) throws SQLException {
    Sql.execute(
        connection,
        "INSERT INTO live_moves VALUES (?, ?, ?, ?, ?)",
        move.tenant.value(),
        move.function.value(),
        move.step,
        move.revision.toString(),
        Sql.micros(move.movedAt));
  }

  private static Revision revision(ResultSet row) throws SQLException {
    return new Revision(
        RevisionId.parse(row.getString("id")),
        Sql.instant(row.getLong("created_at")),
        row.getString("manifest"));
  }

  private static Part part(ResultSet row) throws SQLException {
    return new Part(tenant(row), function(row), RevisionId.parse(row.getString("revision")));
  }

  private static Alias alias(ResultSet row) throws SQLException {
    return new Alias(
        tenant(row),
        function(row),
        row.getString("alias"),
        RevisionId.parse(row.getString("revision")));
  }

  private static LiveMove move(ResultSet row) throws SQLException {
    return new LiveMove(
        tenant(row),
        function(row),
        row.getInt("step"),
        RevisionId.parse(row.getString("revision")),
        Sql.instant(row.getLong("moved_at")));
  }

  private static TenantId tenant(ResultSet row) throws SQLException {
    return new TenantId(row.getString("tenant"));
  }

  private static FunctionName function(ResultSet row) throws SQLException {
    return new FunctionName(row.getString("function"));
  }
}
