package dev.fanfare.ledger;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.Target;
import dev.fanfare.shard.Submission;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The short numbers of what many accepted invocations have in common. Numbers are given on the
 * writing thread only; looked up from any.
 */
final class WorkKinds {
  private static final int MOST_REMEMBERED = 4_096;

  private final Map<Kind, Integer> numbers = new HashMap<>();
  private final Map<Integer, Kind> kinds = new ConcurrentHashMap<>();
  private @Nullable Kind latest;
  private int latestNumber;

  /** Target, demands, retries and timeout. */
  record Kind(Target target, Requirements requirements, int retries, long timeoutMicros) {
    static Kind of(Submission submission) {
      return new Kind(
          submission.target(),
          submission.requirements(),
          submission.retries(),
          submission.timeoutMicros());
    }

    @SuppressWarnings("ReferenceEquality") // submissions of one function share these
    boolean isOf(Submission submission) {
      return target == submission.target()
          && requirements == submission.requirements()
          && retries == submission.retries()
          && timeoutMicros == submission.timeoutMicros();
    }
  }

  /** The submission's kind as a number, a new one if it is the first of its kind. */
  int number(Connection connection, Submission submission) throws SQLException {
    if (latest == null || !latest.isOf(submission)) {
      Kind kind = Kind.of(submission);
      Integer known = numbers.get(kind);
      if (known == null) {
        if (numbers.size() >= MOST_REMEMBERED) {
          numbers.clear();
        }
        known = find(connection, kind);
        numbers.put(kind, known);
      }
      latest = kind;
      latestNumber = known;
    }
    return latestNumber;
  }

  /** The kind of this number. */
  Kind kind(Connection connection, int number) throws SQLException {
    Kind known = kinds.get(number);
    if (known == null) {
      if (kinds.size() >= MOST_REMEMBERED) {
        kinds.clear();
      }
      known = read(connection, number);
      kinds.put(number, known);
    }
    return known;
  }

  /** Numbers given in a transaction that was undone do not hold. */
  void forget() {
    numbers.clear();
    kinds.clear();
    latest = null;
  }

  private static Kind read(Connection connection, int number) throws SQLException {
    List<Kind> found =
        Sql.query(
            connection,
            "SELECT number, encoded, crc FROM work_kinds WHERE number = ?",
            row -> decode(whole(row)),
            number);
    if (found.isEmpty()) {
      throw new SQLException("there is no kind of work " + number + " in the ledger");
    }
    return found.getFirst();
  }

  private static byte[] whole(ResultSet row) throws SQLException {
    int number = row.getInt("number");
    byte[] encoded = row.getBytes("encoded");
    sum(number, encoded).compare(row, "crc", "work_kinds", number);
    return encoded;
  }

  private static RowSum sum(int number, byte[] encoded) {
    return new RowSum().begin().add(number).add(encoded);
  }

  /** Looks at all of them. */
  static void requireWhole(Connection connection) throws SQLException {
    Sql.query(connection, "SELECT number, encoded, crc FROM work_kinds", WorkKinds::whole);
  }

  private static int find(Connection connection, Kind kind) throws SQLException {
    byte[] encoded = encode(kind);
    Optional<Integer> known = find(connection, encoded);
    if (known.isEmpty()) {
      Sql.execute(
          connection,
          "INSERT INTO work_kinds (encoded) VALUES (?) ON CONFLICT DO NOTHING",
          (Object) encoded);
      known = find(connection, encoded);
      Sql.execute(
          connection,
          "UPDATE work_kinds SET crc = ? WHERE number = ?",
          sum(known.orElseThrow(), encoded).value(),
          known.get());
    }
    return known.orElseThrow();
  }

  private static Optional<Integer> find(Connection connection, byte[] encoded) throws SQLException {
    return Sql.query(
            connection,
            "SELECT number FROM work_kinds WHERE encoded = ?",
            row -> row.getInt(1),
            (Object) encoded)
        .stream()
        .findFirst();
  }

  private static byte[] encode(Kind kind) {
    var bytes = new ByteArrayOutputStream();
    try {
      var out = new WireOutput(new DataOutputStream(bytes));
      out.target(kind.target);
      out.requirements(kind.requirements);
      out.number(kind.retries);
      out.number(kind.timeoutMicros);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Kind decode(byte[] encoded) {
    try {
      var in = new WireInput(new DataInputStream(new ByteArrayInputStream(encoded)));
      return new Kind(in.target(), in.requirements(), in.integer(), in.number());
    } catch (IOException e) {
      throw new UncheckedIOException("a kind of work cannot be read", e);
    }
  }
}
