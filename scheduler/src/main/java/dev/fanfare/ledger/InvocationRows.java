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
import java.util.Optional;

/** Ended invocations as rows of the table {@code invocations}. */
final class InvocationRows {
  static final String INSERT =
      "INSERT INTO invocations VALUES (" + "?, ".repeat(23) + "?) ON CONFLICT DO NOTHING";

  static final String SELECT =
      """
      SELECT i.*, f.tenant, f.function AS function_name, r.revision AS revision_hash
      FROM invocations i
      JOIN history_functions f ON f.number = i.function
      JOIN history_revisions r ON r.number = i.revision
      """;

  private static final int ASYNC = 1;
  private static final int BLOB = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private InvocationRows() {}

  static void bind(PreparedStatement insert, InvocationRecord record, int function, int revision)
      throws SQLException {
    Outcome outcome = record.outcome().orElseThrow();
    Usage usage = record.usage();
    insert.setBytes(1, Ids.bytes(record.id()));
    insert.setInt(2, function);
    insert.setInt(3, number(record.state()));
    insert.setInt(4, revision);
    insert.setInt(5, (record.async() ? ASYNC : 0) | (isBlob(outcome) ? BLOB : 0));
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
    insert.setString(20, record.worker().map(WorkerId::value).orElse(null));
    insert.setString(21, record.origin().value());
    insert.setString(22, Sql.text(record.callId()));
    insert.setString(23, Sql.text(contentType(outcome)));
    insert.setBytes(24, bytes(outcome));
  }

  static InvocationRecord read(ResultSet row) throws SQLException {
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
