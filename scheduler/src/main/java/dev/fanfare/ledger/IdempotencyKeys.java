package dev.fanfare.ledger;

import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Submission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Under which keys of their callers invocations were accepted, for a day. A key is a tenant's and a
 * function's. Thread-safe.
 */
public final class IdempotencyKeys {
  /** How long a key stands for the invocation that it was first used for. */
  public static final Duration KEPT = Duration.ofHours(24);

  private static final String INSERT =
      "INSERT INTO idempotency_keys (function, key, body, invocation, made_at, crc) VALUES (?, ?,"
          + " ?, ?, ?, ?) ON CONFLICT (function, key) DO UPDATE"
          + " SET body = excluded.body, invocation = excluded.invocation, made_at ="
          + " excluded.made_at, crc = excluded.crc WHERE idempotency_keys.made_at < ?";

  private final Ledger ledger;
  private final HistoryNumbers numbers;
  private final Clock clock;
  private final Prepared insert = new Prepared(INSERT);

  IdempotencyKeys(Ledger ledger, HistoryNumbers numbers, Clock clock) {
    this.ledger = ledger;
    this.numbers = numbers;
    this.clock = clock;
  }

  /**
   * What a key stands for.
   *
   * @param body the hash of the media type and the body that it was first used with
   */
  public record Claim(String key, Sha256 body, InvocationId invocation) {}

  /** A submission and the key that it comes under. */
  public record Claimed(Submission work, Claim claim) {}

  /** A claim and whose callers' it is. */
  public record Known(Queue queue, Claim claim) {}

  /** The latest keys that stand for something, of all functions. Blocks. */
  public List<Known> latest(int most) {
    long oldest = oldest();
    return ledger.read(
        connection ->
            Sql.query(
                connection,
                "SELECT f.tenant, f.function, k.key, k.body, k.invocation FROM idempotency_keys k"
                    + " JOIN history_functions f ON f.number = k.function WHERE k.made_at >= ?"
                    + " ORDER BY k.made_at DESC LIMIT ?",
                row ->
                    new Known(
                        new Queue(
                            new TenantId(row.getString(1)), new FunctionName(row.getString(2))),
                        new Claim(
                            row.getString(3),
                            new Sha256(row.getString(4)),
                            Ids.id(row.getBytes(5)))),
                oldest,
                most));
  }

  /** What the key of the function's callers stands for, if for anything. Blocks. */
  public Optional<Claim> find(Queue queue, String key) {
    long oldest = oldest();
    return ledger
        .read(
            connection ->
                Sql.query(
                    connection,
                    "SELECT * FROM idempotency_keys WHERE function = (SELECT number"
                        + " FROM history_functions WHERE tenant = ? AND function = ?) AND key = ?"
                        + " AND made_at >= ?",
                    IdempotencyKeys::claim,
                    queue.tenant().value(),
                    queue.function().value(),
                    key,
                    oldest))
        .stream()
        .findFirst();
  }

  private static Claim claim(ResultSet row) throws SQLException {
    String key = row.getString("key");
    String body = row.getString("body");
    byte[] invocation = row.getBytes("invocation");
    sum(row.getInt("function"), key, body, invocation, row.getLong("made_at"))
        .compare(row, "crc", "idempotency_keys", "'" + key + "'");
    return new Claim(key, new Sha256(body), Ids.id(invocation));
  }

  private static RowSum sum(int function, String key, String body, byte[] invocation, long madeAt) {
    return new RowSum().begin().add(function).add(key).add(body).add(invocation).add(madeAt);
  }

  /**
   * Part of the transaction that accepts the work.
   *
   * @throws LedgerException if one of the keys stands for something already
   */
  void insert(Connection connection, List<Claimed> claimed) throws SQLException {
    if (claimed.isEmpty()) {
      return;
    }
    PreparedStatement statement = insert.on(connection);
    long now = Sql.micros(clock.instant());
    for (Claimed one : claimed) {
      Queue queue = Queue.of(one.work);
      int function = numbers.function(connection, queue.tenant(), queue.function());
      byte[] invocation = Ids.bytes(one.claim.invocation);
      String body = one.claim.body.hex();
      statement.setInt(1, function);
      statement.setString(2, one.claim.key);
      statement.setString(3, body);
      statement.setBytes(4, invocation);
      statement.setLong(5, now);
      statement.setLong(6, sum(function, one.claim.key, body, invocation, now).value());
      statement.setLong(7, oldest());
      statement.addBatch();
    }
    if (Arrays.stream(statement.executeBatch()).anyMatch(rows -> rows == 0)) {
      throw LedgerException.keyTaken();
    }
  }

  private long oldest() {
    return Sql.micros(clock.instant().minus(KEPT));
  }

  /** Removes some that stand for nothing any more. */
  static int sweep(Connection connection, long before, int most) throws SQLException {
    return Sql.execute(
        connection,
        "DELETE FROM idempotency_keys WHERE (function, key) IN (SELECT function, key FROM"
            + " idempotency_keys WHERE made_at < ? ORDER BY made_at LIMIT ?)",
        before,
        most);
  }
}
