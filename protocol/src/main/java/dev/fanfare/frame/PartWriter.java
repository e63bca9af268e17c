package dev.fanfare.frame;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.Frame.Warm;
import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerProfile;
import java.io.IOException;
import java.util.Locale;

/** Writes the maps inside frames. */
final class PartWriter {
  private final JsonGenerator out;
  private final FieldWriter fields;

  PartWriter(JsonGenerator out, FieldWriter fields) {
    this.out = out;
    this.fields = fields;
  }

  void profile(WorkerProfile profile) throws IOException {
    out.writeStartObject();
    fields.text(Name.ID, profile.id().value());
    out.writeFieldName(Name.LABELS);
    out.writeStartObject();
    for (var label : profile.labels().values().entrySet()) {
      out.writeStringField(label.getKey(), label.getValue());
    }
    out.writeEndObject();
    fields.number(Name.SLOTS, profile.slots());
    out.writeFieldName(Name.ISOLATION);
    out.writeStartArray();
    for (Isolation level : Isolation.values()) {
      if (profile.isolation().contains(level)) {
        out.writeString(level.name().toLowerCase(Locale.ROOT));
      }
    }
    out.writeEndArray();
    fields.text(Name.VERSION, profile.version());
    out.writeEndObject();
  }

  void lease(Lease lease) throws IOException {
    out.writeStartObject();
    fields.id(lease.id());
    fields.number(Name.FENCE, lease.fence());
    fields.number(Name.ATTEMPT, lease.attempt());
    fields.revision(Name.REVISION, lease.revision());
    fields.text(Name.FUNCTION, lease.function().value());
    payload(lease.payload());
    fields.number(Name.TIMEOUT, lease.timeoutMicros());
    fields.unlessEmpty(Name.CALL, lease.callId());
    fields.unlessEmpty(Name.TRACE, lease.traceparent());
    if (lease.alone()) {
      fields.flag(Name.ALONE, true);
    }
    out.writeEndObject();
  }

  void settlement(Settlement settlement) throws IOException {
    out.writeStartObject();
    fields.id(settlement.id());
    fields.number(Name.FENCE, settlement.fence());
    switch (settlement.outcome()) {
      case Outcome.Success success -> payload(success.result());
      case Outcome.Failure failure -> fault(failure.fault());
      case Outcome.Cancelled cancelled -> fields.text(Name.CANCELLED, cancelled.reason());
    }
    usage(settlement.usage());
    out.writeEndObject();
  }

  private void payload(Payload payload) throws IOException {
    if (!payload.contentType().equals(FrameCodec.DEFAULT_CONTENT_TYPE)) {
      fields.text(Name.TYPE, payload.contentType());
    }
    switch (payload) {
      case Payload.Inline inline -> {
        out.writeFieldName(Name.BODY);
        out.writeBinary(inline.bytes());
      }
      case Payload.Blob blob -> {
        fields.hash(Name.HASH, blob.hash());
        fields.number(Name.SIZE, blob.size());
      }
    }
  }

  private void fault(Fault fault) throws IOException {
    out.writeFieldName(Name.FAULT);
    out.writeStartObject();
    fields.text(Name.CODE, fault.code().code());
    fields.text(Name.TYPE, fault.type());
    fields.text(Name.MESSAGE, fault.message());
    fields.unlessEmpty(Name.STACK, fault.stack());
    if (fault.status() != 0) {
      fields.number(Name.STATUS, fault.status());
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

  void line(LogLine line) throws IOException {
    out.writeStartObject();
    fields.id(line.id());
    fields.number(Name.FENCE, line.fence());
    fields.number(Name.SEQUENCE, line.sequence());
    fields.number(Name.AT, line.epochMicros());
    fields.text(Name.SOURCE, line.source());
    fields.unlessEmpty(Name.LEVEL, line.level());
    fields.text(Name.TEXT, line.text());
    out.writeEndObject();
  }

  void warm(Warm warm) throws IOException {
    out.writeStartObject();
    fields.revision(Name.REVISION, warm.revision());
    fields.text(Name.FUNCTION, warm.function().value());
    fields.number(Name.COUNT, warm.count());
    out.writeEndObject();
  }

  void held(Held held) throws IOException {
    out.writeStartObject();
    fields.id(held.id());
    fields.number(Name.FENCE, held.fence());
    out.writeEndObject();
  }

  void events(Frame.Events events) throws IOException {
    out.writeStartObject();
    fields.id(events.id());
    fields.number(Name.FENCE, events.fence());
    out.writeFieldName(Name.EVENTS);
    out.writeBinary(events.bytes());
    out.writeEndObject();
  }
}
