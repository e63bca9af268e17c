package dev.fanfare.ledger;

import dev.fanfare.protocol.InvocationId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What nodes that share a ledger say of work before they lease it again: from then on only leases
 * above a fence count. So a node that was cut off, or stood still, cannot end what another has
 * leased meanwhile. Both sides lock the work's row: either the end is there before the announcement
 * and the work is leased no more, or the announcement is, and the end is refused.
 */
final class AnnouncedFences {
  private static final String ANNOUNCE =
      """
      UPDATE accepted SET fence_floor = announced.fence
      FROM (SELECT w.function, w.id, n.fence
            FROM accepted w JOIN unnest(?::int[], ?::bytea[], ?::bigint[]) AS n (function, id, fence)
              ON n.function = w.function AND n.id = w.id
            WHERE w.holder = ? ORDER BY w.function, w.id FOR UPDATE OF w) AS announced
      WHERE accepted.function = announced.function AND accepted.id = announced.id
      RETURNING accepted.id\
      """;

  /**
   * Locks the rows of all, in order, the holder's own, too: who locked an end's key first would
   * wait for the row, and the other for the key. The comparison must not move before the locks,
   * where it would see what was before them.
   */
  private static final String SUPERSEDED =
      """
      WITH locked AS MATERIALIZED (
        SELECT w.id, w.holder, w.fence_floor, n.fence
        FROM accepted w JOIN unnest(?::int[], ?::bytea[], ?::bigint[]) AS n (function, id, fence)
          ON n.function = w.function AND n.id = w.id
        ORDER BY w.function, w.id FOR UPDATE OF w)
      SELECT id FROM locked WHERE fence_floor > fence AND holder <> ?\
      """;

  private AnnouncedFences() {}

  /** An accepted invocation, by its function's number and its id, with a fence. */
  record Fenced(int function, InvocationId id, long fence) {}

  /** Says so of these; those of them that are the holder's. Part of a transaction. */
  static Set<InvocationId> announce(Connection connection, int holder, List<Fenced> work)
      throws SQLException {
    return ids(connection, ANNOUNCE, holder, work);
  }

  /**
   * Those of these ends that another node's announcement is above. Part of the transaction that
   * keeps the others.
   */
  static Set<InvocationId> superseded(Connection connection, int holder, List<Fenced> ends)
      throws SQLException {
    return ids(connection, SUPERSEDED, holder, ends);
  }

  private static Set<InvocationId> ids(
      Connection connection, String sql, int holder, List<Fenced> all) throws SQLException {
    return new HashSet<>(
        Sql.query(
            connection,
            sql,
            row -> Ids.id(row.getBytes(1)),
            array(connection, "int4", all.stream().map(Fenced::function).toArray()),
            array(
                connection,
                "bytea",
                all.stream().map(one -> Ids.bytes(one.id())).toArray(byte[][]::new)),
            array(connection, "int8", all.stream().map(Fenced::fence).toArray()),
            holder));
  }

  private static Array array(Connection connection, String type, Object[] values)
      throws SQLException {
    return connection.createArrayOf(type, values);
  }
}
