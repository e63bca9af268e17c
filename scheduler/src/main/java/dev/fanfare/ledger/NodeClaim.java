package dev.fanfare.ledger;

import dev.fanfare.ledger.AnnouncedFences.Fenced;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.shard.Silence;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A node's hold on its part of a shared ledger's accepted work: a row of the table {@code holders},
 * renewed in every transaction and taken to be given up when it was not for {@link
 * #LONGEST_SILENCE} by the database's clock. What was a silent node's, any other makes its own; the
 * silent one finds that out with its next transaction, which then fails. There is no leader.
 */
final class NodeClaim implements Claim {
  /** After this long without a sign a node's work is taken over. */
  static final Duration LONGEST_SILENCE = Silence.LONGEST;

  /** How often a node that has nothing to write gives a sign. */
  private static final long SIGN_NANOS = LONGEST_SILENCE.toNanos() / 10;

  /** How much of other nodes' work one transaction makes its own. */
  static final int MOST_AT_ONCE = 2_000;

  private static final String BEGIN =
      "INSERT INTO holders (node, epoch, seen_at, gone) VALUES (?, ?, clock_timestamp(), FALSE)"
          + " ON CONFLICT (node) DO UPDATE SET epoch = excluded.epoch, seen_at = excluded.seen_at,"
          + " gone = FALSE";

  /** A row that its node has locked is left for later: nobody waits for one that may be silent. */
  private static final String FIND_SILENT =
      "UPDATE holders SET gone = TRUE WHERE number IN (SELECT number FROM holders WHERE NOT gone"
          + " AND number <> ? AND seen_at < clock_timestamp() - ? * INTERVAL '1 millisecond'"
          + " FOR UPDATE SKIP LOCKED)";

  private static final String TAKE =
      "UPDATE accepted SET holder = ? WHERE (function, id) IN (SELECT function, id FROM accepted"
          + " WHERE holder = ? LIMIT ? FOR UPDATE SKIP LOCKED)";

  private final NodeId node;
  private final Prepared hold =
      new Prepared(
          "UPDATE holders SET seen_at = clock_timestamp() WHERE number = ? AND epoch = ? AND NOT"
              + " gone");
  private volatile long epoch;
  private volatile int number;
  private long signedAt;

  NodeClaim(NodeId node) {
    this.node = node;
  }

  @Override
  public void begin(Connection connection) throws SQLException {
    long fresh = nextEpoch(connection);
    Sql.execute(connection, BEGIN, node.value(), fresh);
    number = number(connection);
    epoch = fresh;
  }

  @Override
  public long epoch() {
    return epoch;
  }

  /** The number of this node among the holders: the same for good. */
  int number() {
    return number;
  }

  @Override
  public String condition(String table) {
    return " AND " + table + ".holder = " + number;
  }

  @Override
  public String holderColumn() {
    return ", holder";
  }

  @Override
  public String holderValue() {
    return ", " + number;
  }

  @Override
  public void hold(Connection connection) throws SQLException {
    var statement = hold.on(connection);
    statement.setInt(1, number);
    statement.setLong(2, epoch);
    if (statement.executeUpdate() == 0) {
      throw LedgerException.ousted();
    }
    signedAt = System.nanoTime();
  }

  @Override
  public boolean isDue() {
    return System.nanoTime() - signedAt > SIGN_NANOS;
  }

  @Override
  public Set<InvocationId> announce(Connection connection, List<Fenced> work) throws SQLException {
    return AnnouncedFences.announce(connection, number, work);
  }

  @Override
  public Set<InvocationId> superseded(Connection connection, List<Fenced> ends)
      throws SQLException {
    return ends.isEmpty() ? Set.of() : AnnouncedFences.superseded(connection, number, ends);
  }

  @Override
  public void leave(Connection connection) throws SQLException {
    Sql.execute(
        connection, "UPDATE holders SET gone = TRUE WHERE number = ? AND epoch = ?", number, epoch);
  }

  /**
   * Makes some of the work of nodes that have gone this node's own; part of a transaction. Several
   * nodes that do this at a time share it.
   *
   * @return how much
   */
  int takeOver(Connection connection) throws SQLException {
    Sql.execute(connection, FIND_SILENT, number, LONGEST_SILENCE.toMillis());
    List<Integer> gone =
        Sql.query(
            connection,
            "SELECT number FROM holders h WHERE gone AND number <> ? AND EXISTS (SELECT 1 FROM"
                + " accepted w WHERE w.holder = h.number)",
            row -> row.getInt(1),
            number);
    int taken = 0;
    for (int other : gone) {
      taken += Sql.execute(connection, TAKE, number, other, MOST_AT_ONCE - taken);
      if (taken >= MOST_AT_ONCE) {
        break;
      }
    }
    if (taken > 0) {
      raiseEpoch(connection);
    }
    return taken;
  }

  /** What was leased by others is leased again under fences above theirs. */
  private void raiseEpoch(Connection connection) throws SQLException {
    long fresh = nextEpoch(connection);
    Sql.execute(connection, "UPDATE holders SET epoch = ? WHERE number = ?", fresh, number);
    epoch = fresh;
  }

  private int number(Connection connection) throws SQLException {
    return Sql.query(
            connection,
            "SELECT number FROM holders WHERE node = ?",
            row -> row.getInt(1),
            node.value())
        .getFirst();
  }

  private static long nextEpoch(Connection connection) throws SQLException {
    return Epochs.next(connection);
  }
}
