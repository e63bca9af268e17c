package dev.fanfare.ledger;

import dev.fanfare.ledger.AnnouncedFences.Fenced;
import dev.fanfare.protocol.InvocationId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A node's hold on the accepted work that is its own to bring to its end. For the writing thread
 * only, but for {@link #epoch} and {@link #condition}.
 */
interface Claim {
  /** Begins to hold; takes a new epoch, above all that were. Part of a transaction. */
  void begin(Connection connection) throws SQLException;

  /** Which epoch this node is in: fences of leases that it resumes are above those before. */
  long epoch();

  /** What of the table {@code accepted}, by this name, is this node's: the end of a condition. */
  String condition(String table);

  /** The column that says whose a row is, after others; else nothing. */
  String holderColumn();

  /** What this node has there, after others; else nothing. */
  String holderValue();

  /**
   * The first step of every transaction: tells the others that this node lives.
   *
   * @throws LedgerException if they have taken it for dead and its work over
   */
  void hold(Connection connection) throws SQLException;

  /** Whether it is time to say so, if nothing else is to be written. */
  boolean isDue();

  /**
   * Announces that these are leased from now on under fences above theirs. Part of a transaction.
   *
   * @return those of them that are this node's to lease
   */
  Set<InvocationId> announce(Connection connection, List<Fenced> work) throws SQLException;

  /**
   * Those of these ends that must not be kept: another node has announced leases above theirs. Part
   * of the transaction that keeps the rest.
   */
  Set<InvocationId> superseded(Connection connection, List<Fenced> ends) throws SQLException;

  /** Gives everything up: the node ends. Part of a transaction. */
  void leave(Connection connection) throws SQLException;

  /** A ledger that is one node's alone. */
  static Claim sole(RowCounts counts) {
    return new Claim() {
      private volatile long epoch;

      @Override
      public void begin(Connection connection) throws SQLException {
        epoch = Epochs.begin(connection, counts);
      }

      @Override
      public long epoch() {
        return epoch;
      }

      @Override
      public String condition(String table) {
        return "";
      }

      @Override
      public String holderColumn() {
        return "";
      }

      @Override
      public String holderValue() {
        return "";
      }

      @Override
      public void hold(Connection connection) {}

      @Override
      public boolean isDue() {
        return false;
      }

      @Override
      public Set<InvocationId> announce(Connection connection, List<Fenced> work) {
        return work.stream().map(Fenced::id).collect(Collectors.toSet());
      }

      @Override
      public Set<InvocationId> superseded(Connection connection, List<Fenced> ends) {
        return Set.of();
      }

      @Override
      public void leave(Connection connection) {}
    };
  }
}
