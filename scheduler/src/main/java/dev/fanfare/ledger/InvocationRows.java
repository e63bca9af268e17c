package dev.fanfare.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Ended invocations as rows of the table {@code invocations}. */
final class InvocationRows {
  static final String INSERT =
      "INSERT INTO invocations (id, function, state, revision, flags, priority, attempts, losses,"
          + " fence, submitted_at, due_at, started_at, ended_at, cold_micros, run_micros,"
          + " cpu_micros, peak_memory_bytes, bytes_in, bytes_out, worker, origin, call_id,"
          + " content_type, outcome, crc) VALUES ("
          + "?, ".repeat(24)
          + "?) ON CONFLICT DO NOTHING";

  /** A row with its names, which are null where its numbers are not as they were written. */
  static final String SELECT =
      """
      SELECT i.*, f.tenant, f.function AS function_name, r.revision AS revision_hash
      FROM invocations i
      LEFT JOIN history_functions f ON f.number = i.function
      LEFT JOIN history_revisions r ON r.number = i.revision
      """;

  /** In the order in which they are summed up. */
  private static final List<String> NUMBERS =
      List.of(
          "state",
          "flags",
          "priority",
          "attempts",
          "losses",
          "fence",
          "submitted_at",
          "due_at",
          "started_at",
          "ended_at",
          "cold_micros",
          "run_micros",
          "cpu_micros",
          "peak_memory_bytes",
          "bytes_in",
          "bytes_out");

  private static final int ASYNC = 1;
  private static final int BLOB = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private InvocationRows() {}

  static void bind(
      PreparedStatement insert, InvocationRecord record, int function, int revision, RowSum sum)
      throws SQLException {
    Outcome outcome = record.outcome().orElseThrow();
    Usage usage = record.usage();
    byte[] id = Ids.bytes(record.id());
    int state = number(record.state());
    int flags = (record.async() ? ASYNC : 0) | (isBlob(outcome) ? BLOB : 0);
    String worker = record.worker().map(WorkerId::value).orElse(null);
    String callId = Sql.text(record.callId());
    String contentType = Sql.text(contentType(outcome));
    byte[] bytes = bytes(outcome);
    insert.setBytes(1, id);
    insert.setInt(2, function);
    insert.setInt(3, state);
    insert.setInt(4, revision);
    insert.setInt(5, flags);
    insert.setInt(6, record.priority());
    insert.setInt(7, record.attempts());
    insert.setInt(8, record.losses());
    insert.setLong(9, record.fence());
    insert.setLong(10, record.submittedAt());
    insert.setLong(11, record.dueAt());
    insert.setLong(12, record.startedAt());
    insert.setLong(13, record.endedAt());
    insert.setLong(14, usage.coldMicros());
    insert.setLong(15, usage.runMicros());
    insert.setLong(16, usage.cpuMicros());
    insert.setLong(17, usage.peakMemoryBytes());
    insert.setLong(18, usage.bytesIn());
    insert.setLong(19, usage.bytesOut());
    insert.setString(20, worker);
    insert.setString(21, record.origin().value());
    insert.setString(22, callId);
    insert.setString(23, contentType);
    insert.setBytes(24, bytes);
    sum.begin().add(id).add(record.tenant().value()).add(record.function().value());
    sum.add(record.revision().hash().hex()).add(state).add(flags).add(record.priority());
    sum.add(record.attempts()).add(record.losses()).add(record.fence());
    sum.add(record.submittedAt()).add(record.dueAt()).add(record.startedAt());
    sum.add(record.endedAt()).add(usage.coldMicros()).add(usage.runMicros());
    sum.add(usage.cpuMicros()).add(usage.peakMemoryBytes()).add(usage.bytesIn());
    sum.add(usage.bytesOut()).add(worker).add(record.origin().value()).add(callId);
    insert.setLong(25, sum.add(contentType).add(bytes).value());
  }

  /** What the names are that numbers stand for is in the checksum, too. */
  private static void requireWhole(ResultSet row) throws SQLException {
    byte[] id = row.getBytes("id");
    var sum = new RowSum().begin().add(id);
    for (String name : List.of("tenant", "function_name", "revision_hash")) {
      sum.add(row.getString(name));
    }
    for (String number : NUMBERS) {
      sum.add(row.getLong(number));
    }
    for (String text : List.of("worker", "origin", "call_id", "content_type")) {
      sum.add(row.getString(text));
    }
    sum.add(row.getBytes("outcome")).compare(row, "crc", "invocations", Ids.text(id));
  }

  static InvocationRecord read(ResultSet row) throws SQLException {
    requireWhole(row);
    int flags = row.getInt("flags");
    InvocationState state = state(row.getInt("state"));
    return new InvocationRecord(
        Ids.id(row.getBytes("id")),
        new TenantId(row.getString("tenant")),
        new FunctionName(row.getString("function_name")),
        RevisionId.parse(row.getString("revision_hash")),
        state,
        row.getString("call_id"),
        (flags & ASYNC) != 0,
        row.getInt("priority"),
        row.getInt("attempts"),
        row.getInt("losses"),
        row.getLong("fence"),
        Optional.ofNullable(row.getString("worker")).map(WorkerId::new),
        new NodeId(row.getString("origin")),
        row.getLong("submitted_at"),
        row.getLong("due_at"),
        row.getLong("started_at"),
        row.getLong("ended_at"),
        Optional.of(outcome(row, state, (flags & BLOB) != 0)),
        new Usage(
            row.getLong("cold_micros"),
            row.getLong("run_micros"),
            row.getLong("cpu_micros"),
            row.getLong("peak_memory_bytes"),
            row.getLong("bytes_in"),
            row.getLong("bytes_out")));
  }

  static int number(InvocationState state) {
    return switch (state) {
      case SUCCEEDED -> 1;
      case FAILED -> 2;
      case CANCELLED -> 3;
      case SCHEDULED, QUEUED, RUNNING ->
          throw new IllegalArgumentException("only ended invocations are history, not " + state);
    };
  }

  static InvocationState state(int number) {
    return switch (number) {
      case 1 -> InvocationState.SUCCEEDED;
      case 2 -> InvocationState.FAILED;
      default -> InvocationState.CANCELLED;
    };
  }

  private static boolean isBlob(Outcome outcome) {
    return outcome instanceof Outcome.Success(Payload.Blob _);
  }

  private static @org.jspecify.annotations.Nullable String contentType(Outcome outcome) {
    return outcome instanceof Outcome.Success(Payload result) ? result.contentType() : null;
  }

  private static byte[] bytes(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Success(Payload.Inline result) -> result.bytes();
      case Outcome.Success(Payload.Blob result) -> utf8(result.hash() + " " + result.size());
      case Outcome.Failure(Fault fault) -> json(fault);
      case Outcome.Cancelled(String reason) -> utf8(reason);
    };
  }

  private static Outcome outcome(ResultSet row, InvocationState state, boolean blob)
      throws SQLException {
    byte[] bytes = Optional.ofNullable(row.getBytes("outcome")).orElse(new byte[0]);
    return switch (state) {
      case SUCCEEDED -> new Outcome.Success(payload(row.getString("content_type"), bytes, blob));
      case FAILED -> new Outcome.Failure(fault(bytes));
      case CANCELLED, SCHEDULED, QUEUED, RUNNING -> new Outcome.Cancelled(utf8(bytes));
    };
  }

  private static Payload payload(String contentType, byte[] bytes, boolean blob) {
    if (!blob) {
      return new Payload.Inline(contentType, bytes);
    }
    String[] parts = utf8(bytes).split(" ", 2);
    return new Payload.Blob(contentType, new Sha256(parts[0]), Long.parseLong(parts[1]));
  }

  private static byte[] json(Fault fault) {
    try {
      return JSON.writeValueAsBytes(fault);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a fault cannot be written", e);
    }
  }

  private static Fault fault(byte[] json) {
    try {
      return JSON.readValue(json, Fault.class);
    } catch (IOException e) {
      throw new UncheckedIOException("a fault cannot be read", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
