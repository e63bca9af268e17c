package dev.fanfare.ledger;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import dev.fanfare.ledger.WorkKinds.Kind;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Payload;
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

/** Accepted submissions as rows of the table {@code accepted}. */
final class WorkRows {
  static final String DELETE = "DELETE FROM accepted WHERE function = ? AND id = ?";

  static final String MARK =
      "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
          + " attempts = excluded.attempts, losses = excluded.losses, fence = excluded.fence,"
          + " due = excluded.due, running = excluded.running WHERE excluded.fence >="
          + " attempts.fence";

  static final String UNMARK = "DELETE FROM attempts WHERE id = ?";

  /** A row with its marks. */
  static final String SELECT =
      """
      SELECT w.*, a.attempts, a.losses, a.fence, a.due AS again_at, a.running
      FROM accepted w LEFT JOIN attempts a ON a.id = w.id
      """;

  private WorkRows() {}

  static String insert(Claim claim) {
    return "INSERT INTO accepted VALUES (?, ?, ?, ?, ?, ?, ?"
        + claim.lastColumn()
        + ") ON CONFLICT DO NOTHING";
  }

  static void bind(PreparedStatement insert, Submission work, int function, int kind)
      throws SQLException {
    insert.setInt(1, function);
    insert.setBytes(2, Ids.bytes(work.id()));
    insert.setInt(3, kind);
    if (work.priority() == 0 || work.notBefore() != 0) {
      insert.setNull(4, Types.BIGINT);
    } else {
      insert.setLong(4, AcceptedWork.place(work));
    }
    if (work.notBefore() == 0) {
      insert.setNull(5, Types.BIGINT);
    } else {
      insert.setLong(5, work.notBefore());
    }
    insert.setString(6, work.payload() instanceof Payload.Blob blob ? blob.hash().hex() : null);
    insert.setBytes(7, encode(work));
  }

  /**
   * Reads a row of {@link #SELECT}.
   *
   * @param origin the node that answers for it now
   * @param epoch the present one, above those of all leases it had before
   */
  static Submission read(
      Connection connection, ResultSet row, WorkKinds kinds, NodeId origin, long epoch)
      throws SQLException {
    InvocationId id = Ids.id(row.getBytes("id"));
    Kind kind = kinds.kind(connection, row.getInt("kind"));
    return decode(id, kind, origin, row.getBytes("work"), resumption(id, row, epoch));
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
