package dev.fanfare.frame;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.Frame.Warm;
import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerProfile;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Writes one frame. Ids and hashes are bytes where the encoding has bytes, else text. */
final class FrameWriter {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final JsonGenerator out;
  private final boolean binary;
  private final byte[] id = new byte[16];

  FrameWriter(JsonGenerator out, boolean binary) {
    this.out = out;
    this.binary = binary;
  }

  void write(Frame frame) throws IOException {
    out.writeStartObject();
    switch (frame) {
      case Frame.Leases f -> {
        kind("leases");
        array(Name.LEASES, f.leases(), this::lease);
        if (f.warm() != 0) {
          number(Name.COUNT, f.warm());
        }
        if (f.guests() != 0) {
          number(Name.GUESTS, f.guests());
        }
      }
      case Frame.Outcomes f -> {
        kind("outcomes");
        number(Name.SEQUENCE, f.sequence());
        array(Name.ENDED, f.settlements(), this::settlement);
      }
      case Frame.Credit f -> {
        kind("credit");
        number(Name.FREE, f.free());
        array(Name.WARM, f.warm(), this::warm);
        if (f.guests() != 0) {
          number(Name.GUESTS, f.guests());
        }
      }
      case Frame.Full f -> {
        kind("full");
        array(Name.FULL, f.functions(), this::warm);
      }
      case Frame.Scaling f -> {
        kind("scaling");
        array(Name.LEAST, f.least(), this::warm);
        array(Name.MOST, f.most(), this::warm);
      }
      case Frame.Acknowledged f -> {
        kind("acknowledged");
        number(Name.SEQUENCE, f.sequence());
        array(Name.STALE, f.stale(), this::held);
      }
      case Frame.Hello f -> hello(f);
      case Frame.Welcome f -> welcome(f);
      case Frame.Heartbeat f -> numbered("heartbeat", Name.AT, f.sentAtMillis());
      case Frame.Bye f -> {
        kind("bye");
        text(Name.REASON, f.reason());
        flag(Name.RETRY, f.retry());
      }
      case Frame.Drain _ -> kind("drain");
      case Frame.Described f -> {
        kind("described");
        out.writeFieldName(Name.PROFILE);
        profile(f.profile());
      }
      case Frame.Check _ -> kind("check");
      case Frame.Unknown f -> kind(f.kind());
      case Frame.Returned f -> {
        kind("returned");
        array(Name.HELD, f.leases(), this::held);
      }
      case Frame.Revoke f -> {
        kind("revoke");
        array(Name.HELD, f.leases(), this::held);
        text(Name.REASON, f.reason());
      }
      case Frame.Logs f -> {
        kind("logs");
        array(Name.LINES, f.lines(), this::line);
      }
      case Frame.Announced f -> {
        kind("announced");
        revision(Name.REVISION, f.revision());
      }
      case Frame.Channels f -> {
        kind("channels");
        array(Name.CHANNELS, f.events(), this::events);
      }
      case Frame.Fetch f -> {
        kind("fetch");
        hash(Name.HASH, f.hash());
        number(Name.OFFSET, f.offset());
        number(Name.LENGTH, f.length());
      }
      case Frame.Chunk f -> {
        kind("chunk");
        piece(f.hash(), f.offset(), f.total(), f.bytes());
      }
      case Frame.Missing f -> {
        kind("missing");
        hash(Name.HASH, f.hash());
      }
      case Frame.Upload f -> {
        kind("upload");
        piece(f.hash(), f.offset(), f.total(), f.bytes());
      }
      case Frame.Uploaded f -> {
        kind("uploaded");
        hash(Name.HASH, f.hash());
        number(Name.OFFSET, f.offset());
      }
      case Frame.Load f -> load(f);
      case Frame.Loaded f -> {
        kind("loaded");
        revision(Name.REVISION, f.revision());
        number(Name.MICROS, f.loadMicros());
      }
      case Frame.Status f -> status(f);
      case Frame.Inspect f -> numbered("inspect", Name.SEQUENCE, f.sequence());
      case Frame.Condition f -> {
        numbered("condition", Name.SEQUENCE, f.sequence());
        text(Name.TEXT, f.text());
      }
    }
    out.writeEndObject();
  }

  private void hello(Frame.Hello f) throws IOException {
    kind("hello");
    number(Name.VERSION, f.version());
    out.writeFieldName(Name.PROFILE);
    profile(f.profile());
    if (f.resume().isPresent()) {
      text(Name.RESUME, f.resume().get());
    }
    array(Name.HELD, f.held(), this::held);
  }

  private void welcome(Frame.Welcome f) throws IOException {
    kind("welcome");
    text(Name.SESSION, f.session().value());
    text(Name.RESUME, f.resume());
    if (f.credential().isPresent()) {
      text(Name.CREDENTIAL, f.credential().get());
    }
    number(Name.HEARTBEAT, f.heartbeatMillis());
    number(Name.LIMIT, f.resultLimitBytes());
  }

  private void load(Frame.Load f) throws IOException {
    kind("load");
    revision(Name.REVISION, f.revision());
    text(Name.MANIFEST, f.manifest());
    text(Name.ARTIFACT, f.artifact());
    text(Name.BLOBS, f.blobs());
    number(Name.LIMIT, f.resultLimitBytes());
  }

  private void status(Frame.Status f) throws IOException {
    kind("status");
    number(Name.RUNNING, f.running());
    number(Name.RUNTIMES, f.runtimes());
    number(Name.BLANK, f.blankRuntimes());
    out.writeFieldName(Name.LOAD);
    out.writeNumber(f.load());
    array(Name.CACHED, f.cached(), this::revision);
  }

  private void profile(WorkerProfile profile) throws IOException {
    out.writeStartObject();
    text(Name.ID, profile.id().value());
    out.writeFieldName(Name.LABELS);
    out.writeStartObject();
    for (var label : profile.labels().values().entrySet()) {
      out.writeStringField(label.getKey(), label.getValue());
    }
    out.writeEndObject();
    number(Name.SLOTS, profile.slots());
    out.writeFieldName(Name.ISOLATION);
    out.writeStartArray();
    for (Isolation level : Isolation.values()) {
      if (profile.isolation().contains(level)) {
        out.writeString(level.name().toLowerCase(Locale.ROOT));
      }
    }
    out.writeEndArray();
    text(Name.VERSION, profile.version());
    out.writeEndObject();
  }

  private void lease(Lease lease) throws IOException {
    out.writeStartObject();
    id(lease.id());
    number(Name.FENCE, lease.fence());
    number(Name.ATTEMPT, lease.attempt());
    revision(Name.REVISION, lease.revision());
    text(Name.FUNCTION, lease.function().value());
    payload(lease.payload());
    number(Name.TIMEOUT, lease.timeoutMicros());
    unlessEmpty(Name.CALL, lease.callId());
    unlessEmpty(Name.TRACE, lease.traceparent());
    if (lease.alone()) {
      out.writeFieldName(Name.ALONE);
      out.writeBoolean(true);
    }
    out.writeEndObject();
  }

  private void settlement(Settlement settlement) throws IOException {
    out.writeStartObject();
    id(settlement.id());
    number(Name.FENCE, settlement.fence());
    switch (settlement.outcome()) {
      case Outcome.Success success -> payload(success.result());
      case Outcome.Failure failure -> fault(failure.fault());
      case Outcome.Cancelled cancelled -> text(Name.CANCELLED, cancelled.reason());
    }
    usage(settlement.usage());
    out.writeEndObject();
  }

  private void payload(Payload payload) throws IOException {
    if (!payload.contentType().equals(FrameCodec.DEFAULT_CONTENT_TYPE)) {
      text(Name.TYPE, payload.contentType());
    }
    switch (payload) {
      case Payload.Inline inline -> {
        out.writeFieldName(Name.BODY);
        out.writeBinary(inline.bytes());
      }
      case Payload.Blob blob -> {
        hash(Name.HASH, blob.hash());
        number(Name.SIZE, blob.size());
      }
    }
  }

  private void fault(Fault fault) throws IOException {
    out.writeFieldName(Name.FAULT);
    out.writeStartObject();
    text(Name.CODE, fault.code().code());
    text(Name.TYPE, fault.type());
    text(Name.MESSAGE, fault.message());
    unlessEmpty(Name.STACK, fault.stack());
    if (fault.status() != 0) {
      number(Name.STATUS, fault.status());
    }
    out.writeEndObject();
  }

  private void usage(Usage usage) throws IOException {
    out.writeFieldName(Name.USAGE);
    out.writeStartArray(null, 6);
    out.writeNumber(usage.coldMicros());
    out.writeNumber(usage.runMicros());
    out.writeNumber(usage.cpuMicros());
    out.writeNumber(usage.peakMemoryBytes());
    out.writeNumber(usage.bytesIn());
    out.writeNumber(usage.bytesOut());
    out.writeEndArray();
  }

  private void line(LogLine line) throws IOException {
    out.writeStartObject();
    id(line.id());
    number(Name.FENCE, line.fence());
    number(Name.SEQUENCE, line.sequence());
    number(Name.AT, line.epochMicros());
    text(Name.SOURCE, line.source());
    unlessEmpty(Name.LEVEL, line.level());
    text(Name.TEXT, line.text());
    out.writeEndObject();
  }

  private void warm(Warm warm) throws IOException {
    out.writeStartObject();
    revision(Name.REVISION, warm.revision());
    text(Name.FUNCTION, warm.function().value());
    number(Name.COUNT, warm.count());
    out.writeEndObject();
  }

  private void held(Held held) throws IOException {
    out.writeStartObject();
    id(held.id());
    number(Name.FENCE, held.fence());
    out.writeEndObject();
  }

  private void events(Frame.Events events) throws IOException {
    out.writeStartObject();
    id(events.id());
    number(Name.FENCE, events.fence());
    out.writeFieldName(Name.EVENTS);
    out.writeBinary(events.bytes());
    out.writeEndObject();
  }

  private void piece(Sha256 hash, long offset, long total, byte[] bytes) throws IOException {
    hash(Name.HASH, hash);
    number(Name.OFFSET, offset);
    number(Name.TOTAL, total);
    out.writeFieldName(Name.BYTES);
    out.writeBinary(bytes);
  }

  private void numbered(String kind, SerializableString name, long value) throws IOException {
    kind(kind);
    number(name, value);
  }

  private void kind(String kind) throws IOException {
    text(Name.KIND, kind);
  }

  private void id(InvocationId invocation) throws IOException {
    out.writeFieldName(Name.ID);
    if (binary) {
      LONG.set(id, 0, invocation.high());
      LONG.set(id, 8, invocation.low());
      out.writeBinary(id);
    } else {
      out.writeString(invocation.toString());
    }
  }

  private void revision(SerializableString name, RevisionId revision) throws IOException {
    out.writeFieldName(name);
    revision(revision);
  }

  private void revision(RevisionId revision) throws IOException {
    if (binary) {
      out.writeBinary(Known.bytes(revision));
    } else {
      out.writeString(revision.hash().hex());
    }
  }

  private void hash(SerializableString name, Sha256 hash) throws IOException {
    out.writeFieldName(name);
    if (binary) {
      out.writeBinary(HexFormat.of().parseHex(hash.hex()));
    } else {
      out.writeString(hash.hex());
    }
  }

  private void unlessEmpty(SerializableString name, String value) throws IOException {
    if (!value.isEmpty()) {
      text(name, value);
    }
  }

  private void text(SerializableString name, String value) throws IOException {
    out.writeFieldName(name);
    out.writeString(value);
  }

  private void number(SerializableString name, long value) throws IOException {
    out.writeFieldName(name);
    out.writeNumber(value);
  }

  private void flag(SerializableString name, boolean value) throws IOException {
    out.writeFieldName(name);
    out.writeBoolean(value);
  }

  private <T> void array(SerializableString name, List<T> items, Item<T> each) throws IOException {
    out.writeFieldName(name);
    out.writeStartArray(null, items.size());
    for (int i = 0; i < items.size(); i++) {
      each.write(items.get(i));
    }
    out.writeEndArray();
  }

  private interface Item<T> {
    void write(T item) throws IOException;
  }
}
