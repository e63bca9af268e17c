package dev.fanfare.ledger;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import dev.fanfare.ledger.WorkKinds.Kind;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.shard.Mark;
import dev.fanfare.shard.Resumption;
import dev.fanfare.shard.Submission;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** Accepted submissions as rows of the table {@code accepted}. */
final class WorkRows {
  static final String DELETE = "DELETE FROM accepted WHERE function = ? AND id = ?";

  static final String MARK =
      "INSERT INTO attempts (id, attempts, losses, fence, due, running, crc) VALUES (?, ?, ?, ?,"
          + " ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
          + " attempts = excluded.attempts, losses = excluded.losses, fence = excluded.fence,"
          + " due = excluded.due, running = excluded.running, crc = excluded.crc WHERE"
          + " excluded.fence >= attempts.fence";

  static final String UNMARK = "DELETE FROM attempts WHERE id = ?";

  /** A row with its marks. */
  static final String SELECT =
      """
      SELECT w.*, a.attempts, a.losses, a.fence, a.due AS again_at, a.running, a.crc AS marks_crc
      FROM accepted w LEFT JOIN attempts a ON a.id = w.id
      """;

  private WorkRows() {}

  static String insert(Claim claim) {
    return "INSERT INTO accepted (function, id, kind, place, due, payload_blob, work, crc"
        + claim.holderColumn()
        + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?"
        + claim.holderValue()
        + ") ON CONFLICT DO NOTHING";
  }

  static void bind(PreparedStatement insert, Submission work, int function, int kind, RowSum sum)
      throws SQLException {
    byte[] id = Ids.bytes(work.id());
    String blob = work.payload() instanceof Payload.Blob outside ? outside.hash().hex() : null;
    byte[] encoded = encode(work);
    insert.setInt(1, function);
    insert.setBytes(2, id);
    insert.setInt(3, kind);
    if (isPlaced(work)) {
      insert.setLong(4, AcceptedWork.place(work));
    } else {
      insert.setNull(4, Types.BIGINT);
    }
    if (work.notBefore() == 0) {
      insert.setNull(5, Types.BIGINT);
    } else {
      insert.setLong(5, work.notBefore());
    }
    insert.setString(6, blob);
    insert.setBytes(7, encoded);
    insert.setLong(8, sum(sum, function, id, kind, blob, encoded).value());
  }

  /** Of what a dead letter has, too. Place and due follow from the work. */
  private static RowSum sum(
      RowSum sum, int function, byte[] id, int kind, @Nullable String blob, byte[] work) {
    return sum.begin().add(function).add(id).add(kind).add(blob).add(work);
  }

  static void bind(PreparedStatement marks, Mark mark, RowSum sum) throws SQLException {
    byte[] id = Ids.bytes(mark.id());
    int running = mark.running() ? 1 : 0;
    marks.setBytes(1, id);
    marks.setInt(2, mark.attempts());
    marks.setInt(3, mark.losses());
    marks.setLong(4, mark.fence());
    marks.setLong(5, mark.dueAt());
    marks.setInt(6, running);
    marks.setLong(
        7,
        marks(sum, id, mark.attempts(), mark.losses(), mark.fence(), mark.dueAt(), running)
            .value());
  }

  private static RowSum marks(
      RowSum sum, byte[] id, int attempts, int losses, long fence, long due, int running) {
    return sum.begin().add(id).add(attempts).add(losses).add(fence).add(due).add(running);
  }

  /**
   * Reads a row of {@link #SELECT}.
   *
   * @param table that it is of
   * @param origin the node that answers for it now
   * @param epoch the present one, above those of all leases it had before
   */
  static Submission read(
      Connection connection,
      ResultSet row,
      String table,
      WorkKinds kinds,
      NodeId origin,
      long epoch)
      throws SQLException {
    requireWhole(row, table);
    InvocationId id = Ids.id(row.getBytes("id"));
    Kind kind = kinds.kind(connection, row.getInt("kind"));
    Submission work = decode(id, kind, origin, row.getBytes("work"), resumption(id, row, epoch));
    if (table.equals("accepted") && isSummed(row) && !stands(row, work)) {
      throw DamagedRow.ofWork(row, table, row.getInt("function"), row.getBytes("id"));
    }
    return work;
  }

  private static boolean isSummed(ResultSet row) throws SQLException {
    return row.getLong("crc") != 0;
  }

  /** Whether it stands in the queue where the work belongs. */
  private static boolean stands(ResultSet row, Submission work) throws SQLException {
    long place = row.getLong("place");
    boolean placed = !row.wasNull();
    long due = row.getLong("due");
    boolean later = !row.wasNull();
    return placed == isPlaced(work)
        && (!placed || place == AcceptedWork.place(work))
        && later == (work.notBefore() != 0)
        && due == work.notBefore();
  }

  private static boolean isPlaced(Submission work) {
    return work.priority() != 0 && work.notBefore() == 0;
  }

  private static void requireWhole(ResultSet row, String table) throws SQLException {
    int function = row.getInt("function");
    byte[] id = row.getBytes("id");
    var sum = new RowSum();
    sum(sum, function, id, row.getInt("kind"), row.getString("payload_blob"), row.getBytes("work"));
    if (sum.differs(row, "crc")) {
      throw DamagedRow.ofWork(row, table, function, id);
    }
    marks(
        sum,
        id,
        row.getInt("attempts"),
        row.getInt("losses"),
        row.getLong("fence"),
        row.getLong("again_at"),
        row.getInt("running"));
    if (sum.differs(row, "marks_crc")) {
      throw DamagedRow.ofWork(row, "attempts", function, id);
    }
  }

  private static Resumption resumption(InvocationId id, ResultSet row, long epoch)
      throws SQLException {
    return Resumption.restored(
        id.epochMillis() * 1_000,
        row.getInt("attempts"),
        row.getInt("losses"),
        row.getLong("fence"),
        row.getLong("again_at"),
        row.getInt("running") == 1,
        epoch);
  }

  private static byte[] encode(Submission work) {
    var bytes = new ByteArrayOutputStream(64 + (int) Math.min(work.payload().size(), 1 << 15));
    try {
      var out = new WireOutput(new DataOutputStream(bytes));
      out.number(work.priority());
      out.number(work.notBefore());
      out.number(work.expiresAt());
      out.number(work.deadline());
      out.text(work.callId());
      out.text(work.traceparent());
      out.payload(work.payload());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Submission decode(
      InvocationId id, Kind kind, NodeId origin, byte[] work, Resumption resumed) {
    try {
      var in = new WireInput(new DataInputStream(new ByteArrayInputStream(work)));
      int priority = in.integer();
      long notBefore = in.number();
      long expiresAt = in.number();
      long deadline = in.number();
      return new Submission(
          id,
          kind.target(),
          kind.requirements(),
          origin,
          true,
          priority,
          kind.retries(),
          kind.timeoutMicros(),
          notBefore,
          expiresAt,
          deadline,
          in.text(),
          in.text(),
          in.payload(),
          resumed);
    } catch (IOException e) {
      throw new UncheckedIOException("accepted invocation " + id + " cannot be read", e);
    }
  }
}
