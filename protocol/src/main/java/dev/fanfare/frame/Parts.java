package dev.fanfare.frame;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.Frame.Warm;
import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the maps inside frames. */
final class Parts {
  private final JsonParser in;
  private final Fields fields;

  // Of the payload that is being read.
  private String contentType = FrameCodec.DEFAULT_CONTENT_TYPE;
  private byte @Nullable [] body;
  private @Nullable Sha256 hash;
  private long size;

  Parts(JsonParser in, Fields fields) {
    this.in = in;
    this.fields = fields;
  }

  Lease lease() throws IOException {
    fields.expect(JsonToken.START_OBJECT, "a list of leases");
    clearPayload();
    InvocationId id = null;
    RevisionId revision = null;
    FunctionName function = null;
    String call = "";
    String trace = "";
    long fence = Fields.ABSENT;
    long timeout = 0;
    int attempt = 1;
    boolean alone = false;
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      switch (name) {
        case "id" -> id = fields.id();
        case "fence" -> fence = in.getLongValue();
        case "try" -> attempt = in.getIntValue();
        case "rev" -> revision = fields.revision();
        case "fn" -> function = fields.function();
        case "timeout" -> timeout = fields.count();
        case "call" -> call = fields.text();
        case "trace" -> trace = fields.text();
        case "alone" -> alone = in.getBooleanValue();
        default -> payloadField(name);
      }
    }
    return new Lease(
        need(id, "a lease", "id"),
        fence(fence, "a lease"),
        attempt,
        need(revision, "a lease", "rev"),
        need(function, "a lease", "fn"),
        need(payload(), "a lease", "body"),
        timeout,
        call,
        trace,
        alone);
  }

  Settlement settlement() throws IOException {
    fields.expect(JsonToken.START_OBJECT, "a list of settlements");
    clearPayload();
    InvocationId id = null;
    Outcome outcome = null;
    Usage usage = Usage.NONE;
    long fence = Fields.ABSENT;
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      switch (name) {
        case "id" -> id = fields.id();
        case "fence" -> fence = in.getLongValue();
        case "use" -> usage = usage();
        case "fault" -> outcome = new Outcome.Failure(fault());
        case "cancelled" -> outcome = new Outcome.Cancelled(fields.text());
        default -> payloadField(name);
      }
    }
    if (outcome == null) {
      outcome = new Outcome.Success(need(payload(), "a settlement", "body"));
    }
    return new Settlement(
        need(id, "a settlement", "id"), fence(fence, "a settlement"), outcome, usage);
  }

  Held held() throws IOException {
    fields.expect(JsonToken.START_OBJECT, "a list of leases held");
    InvocationId id = null;
    long fence = Fields.ABSENT;
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      switch (name) {
        case "id" -> id = fields.id();
        case "fence" -> fence = in.getLongValue();
        default -> in.skipChildren();
      }
    }
    return new Held(need(id, "a lease held", "id"), fence(fence, "a lease held"));
  }

  Frame.Events events() throws IOException {
    fields.expect(JsonToken.START_OBJECT, "a list of channels' events");
    InvocationId id = null;
    byte[] events = null;
    long fence = Fields.ABSENT;
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      switch (name) {
        case "id" -> id = fields.id();
        case "fence" -> fence = in.getLongValue();
        case "events" -> events = fields.bytes();
        default -> in.skipChildren();
      }
    }
    return new Frame.Events(
        need(id, "events of a channel", "id"),
        fence(fence, "events of a channel"),
        need(events, "events of a channel", "events"));
  }

  Warm warm() throws IOException {
    fields.expect(JsonToken.START_OBJECT, "a list of warm credit");
    RevisionId revision = null;
    FunctionName function = null;
    int count = 0;
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      switch (name) {
        case "rev" -> revision = fields.revision();
        case "fn" -> function = fields.function();
        case "n" -> count = in.getIntValue();
        default -> in.skipChildren();
      }
    }
    return new Warm(
        need(revision, "warm credit", "rev"), need(function, "warm credit", "fn"), count);
  }

  LogLine line() throws IOException {
    fields.expect(JsonToken.START_OBJECT, "a list of lines");
    InvocationId id = null;
    String source = null;
    String text = null;
    String level = "";
    long fence = Fields.ABSENT;
    long at = 0;
    int sequence = 0;
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      switch (name) {
        case "id" -> id = fields.id();
        case "fence" -> fence = in.getLongValue();
        case "seq" -> sequence = in.getIntValue();
        case "at" -> at = in.getLongValue();
        case "source" -> source = fields.text();
        case "level" -> level = fields.text();
        case "text" -> text = fields.text();
        default -> in.skipChildren();
      }
    }
    return new LogLine(
        need(id, "a line", "id"),
        fence(fence, "a line"),
        sequence,
        at,
        need(source, "a line", "source"),
        level,
        need(text, "a line", "text"));
  }

  WorkerProfile profile() throws IOException {
    fields.expect(JsonToken.START_OBJECT, "a profile");
    String id = null;
    var labels = new TreeMap<String, String>();
    Set<Isolation> isolation = EnumSet.noneOf(Isolation.class);
    int slots = 0;
    String version = "";
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      switch (name) {
        case "id" -> id = fields.text();
        case "slots" -> slots = in.getIntValue();
        case "version" -> version = fields.text();
        case "isolation" -> fields.list(fields::text).forEach(level -> addKnown(isolation, level));
        case "labels" -> {
          fields.expect(JsonToken.START_OBJECT, "a map of labels");
          for (String label = in.nextFieldName(); label != null; label = in.nextFieldName()) {
            in.nextToken();
            labels.put(label, fields.text());
          }
        }
        default -> in.skipChildren();
      }
    }
    return new WorkerProfile(
        new WorkerId(need(id, "a profile", "id")), new Labels(labels), slots, isolation, version);
  }

  /** What is not known here is nothing that a function can ask for. */
  private static void addKnown(Set<Isolation> levels, String level) {
    for (Isolation known : Isolation.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(level)) {
        levels.add(known);
      }
    }
  }

  private Fault fault() throws IOException {
    fields.expect(JsonToken.START_OBJECT, "a fault");
    String code = null;
    String type = null;
    String message = "";
    String stack = "";
    int status = 0;
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      switch (name) {
        case "code" -> code = fields.text();
        case "type" -> type = fields.text();
        case "message" -> message = fields.text();
        case "stack" -> stack = fields.text();
        case "status" -> status = in.getIntValue();
        default -> in.skipChildren();
      }
    }
    String told = need(code, "a fault", "code");
    return new Fault(known(told), type == null ? told : type, message, stack, status);
  }

  /** A code that is not known here is of a release to come: the attempt failed, so much is sure. */
  private static FailureCode known(String code) {
    for (FailureCode known : FailureCode.values()) {
      if (known.code().equals(code)) {
        return known;
      }
    }
    return FailureCode.USER_FAULT;
  }

  private Usage usage() throws IOException {
    fields.expect(JsonToken.START_ARRAY, "a list of six numbers");
    long[] figures = new long[6];
    int index = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (index < figures.length) {
        figures[index++] = fields.count();
      } else {
        in.skipChildren();
      }
    }
    return new Usage(figures[0], figures[1], figures[2], figures[3], figures[4], figures[5]);
  }

  private void payloadField(String name) throws IOException {
    switch (name) {
      case "type" -> contentType = fields.text();
      case "body" -> body = fields.bytes();
      case "hash" -> hash = fields.hash();
      case "size" -> size = fields.count();
      default -> in.skipChildren();
    }
  }

  private void clearPayload() {
    contentType = FrameCodec.DEFAULT_CONTENT_TYPE;
    body = null;
    hash = null;
    size = 0;
  }

  private @Nullable Payload payload() {
    if (body != null) {
      return new Payload.Inline(contentType, body);
    }
    return hash == null ? null : new Payload.Blob(contentType, hash, size);
  }

  private static long fence(long fence, String part) {
    if (fence == Fields.ABSENT) {
      throw MalformedFrame.missing(part, "fence");
    }
    return fence;
  }

  private static <T> T need(@Nullable T value, String part, String field) {
    if (value == null) {
      throw MalformedFrame.missing(part, field);
    }
    return value;
  }
}
