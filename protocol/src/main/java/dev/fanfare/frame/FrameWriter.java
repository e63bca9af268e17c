package dev.fanfare.frame;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;

/** Writes one frame. */
final class FrameWriter {
  private final JsonGenerator out;
  private final FieldWriter fields;
  private final PartWriter parts;

  FrameWriter(JsonGenerator out, boolean binary) {
    this.out = out;
    this.fields = new FieldWriter(out, binary);
    this.parts = new PartWriter(out, fields);
  }

  void write(Frame frame) throws IOException {
    out.writeStartObject();
    switch (frame) {
      case Frame.Leases f -> {
        kind("leases");
        fields.array(Name.LEASES, f.leases(), parts::lease);
        if (f.warm() != 0) {
          fields.number(Name.COUNT, f.warm());
        }
        if (f.guests() != 0) {
          fields.number(Name.GUESTS, f.guests());
        }
      }
      case Frame.Outcomes f -> {
        kind("outcomes");
        fields.number(Name.SEQUENCE, f.sequence());
        fields.array(Name.ENDED, f.settlements(), parts::settlement);
      }
      case Frame.Credit f -> {
        kind("credit");
        fields.number(Name.FREE, f.free());
        fields.array(Name.WARM, f.warm(), parts::warm);
        if (f.guests() != 0) {
          fields.number(Name.GUESTS, f.guests());
        }
      }
      case Frame.Full f -> {
        kind("full");
        fields.array(Name.FULL, f.functions(), parts::warm);
      }
      case Frame.Scaling f -> {
        kind("scaling");
        fields.array(Name.LEAST, f.least(), parts::warm);
        fields.array(Name.MOST, f.most(), parts::warm);
      }
      case Frame.Acknowledged f -> {
        kind("acknowledged");
        fields.number(Name.SEQUENCE, f.sequence());
        fields.array(Name.STALE, f.stale(), parts::held);
      }
      case Frame.Hello f -> hello(f);
      case Frame.Welcome f -> welcome(f);
      case Frame.Heartbeat f -> numbered("heartbeat", Name.AT, f.sentAtMillis());
      case Frame.Bye f -> {
        kind("bye");
        fields.text(Name.REASON, f.reason());
        fields.flag(Name.RETRY, f.retry());
      }
      case Frame.Drain _ -> kind("drain");
      case Frame.Described f -> {
        kind("described");
        out.writeFieldName(Name.PROFILE);
        parts.profile(f.profile());
      }
      case Frame.Check _ -> kind("check");
      case Frame.Unknown f -> kind(f.kind());
      case Frame.Returned f -> {
        kind("returned");
        fields.array(Name.HELD, f.leases(), parts::held);
      }
      case Frame.Revoke f -> {
        kind("revoke");
        fields.array(Name.HELD, f.leases(), parts::held);
        fields.text(Name.REASON, f.reason());
      }
      case Frame.Logs f -> {
        kind("logs");
        fields.array(Name.LINES, f.lines(), parts::line);
      }
      case Frame.Announced f -> {
        kind("announced");
        fields.revision(Name.REVISION, f.revision());
      }
      case Frame.Channels f -> {
        kind("channels");
        fields.array(Name.CHANNELS, f.events(), parts::events);
      }
      case Frame.Fetch f -> {
        kind("fetch");
        fields.hash(Name.HASH, f.hash());
        fields.number(Name.OFFSET, f.offset());
        fields.number(Name.LENGTH, f.length());
      }
      case Frame.Chunk f -> {
        kind("chunk");
        piece(f.hash(), f.offset(), f.total(), f.bytes());
      }
      case Frame.Missing f -> {
        kind("missing");
        fields.hash(Name.HASH, f.hash());
      }
      case Frame.Upload f -> {
        kind("upload");
        piece(f.hash(), f.offset(), f.total(), f.bytes());
      }
      case Frame.Uploaded f -> {
        kind("uploaded");
        fields.hash(Name.HASH, f.hash());
        fields.number(Name.OFFSET, f.offset());
      }
      case Frame.Load f -> load(f);
      case Frame.Loaded f -> {
        kind("loaded");
        fields.revision(Name.REVISION, f.revision());
        fields.number(Name.MICROS, f.loadMicros());
      }
      case Frame.Status f -> status(f);
      case Frame.Inspect f -> numbered("inspect", Name.SEQUENCE, f.sequence());
      case Frame.Condition f -> {
        numbered("condition", Name.SEQUENCE, f.sequence());
        fields.text(Name.TEXT, f.text());
      }
    }
    out.writeEndObject();
  }

  private void hello(Frame.Hello f) throws IOException {
    kind("hello");
    fields.number(Name.VERSION, f.version());
    out.writeFieldName(Name.PROFILE);
    parts.profile(f.profile());
    if (f.resume().isPresent()) {
      fields.text(Name.RESUME, f.resume().get());
    }
    fields.array(Name.HELD, f.held(), parts::held);
  }

  private void welcome(Frame.Welcome f) throws IOException {
    kind("welcome");
    fields.text(Name.SESSION, f.session().value());
    fields.text(Name.RESUME, f.resume());
    if (f.credential().isPresent()) {
      fields.text(Name.CREDENTIAL, f.credential().get());
    }
    fields.number(Name.HEARTBEAT, f.heartbeatMillis());
    fields.number(Name.LIMIT, f.resultLimitBytes());
  }

  private void load(Frame.Load f) throws IOException {
    kind("load");
    fields.revision(Name.REVISION, f.revision());
    fields.text(Name.MANIFEST, f.manifest());
    fields.text(Name.ARTIFACT, f.artifact());
    fields.text(Name.BLOBS, f.blobs());
    fields.number(Name.LIMIT, f.resultLimitBytes());
  }

  private void status(Frame.Status f) throws IOException {
    kind("status");
    fields.number(Name.RUNNING, f.running());
    fields.number(Name.RUNTIMES, f.runtimes());
    fields.number(Name.BLANK, f.blankRuntimes());
    out.writeFieldName(Name.LOAD);
    out.writeNumber(f.load());
    fields.array(Name.CACHED, f.cached(), fields::revision);
  }

  private void piece(Sha256 hash, long offset, long total, byte[] bytes) throws IOException {
    fields.hash(Name.HASH, hash);
    fields.number(Name.OFFSET, offset);
    fields.number(Name.TOTAL, total);
    out.writeFieldName(Name.BYTES);
    out.writeBinary(bytes);
  }

  private void numbered(String kind, SerializableString name, long value) throws IOException {
    kind(kind);
    fields.number(name, value);
  }

  private void kind(String kind) throws IOException {
    fields.text(Name.KIND, kind);
  }
}
