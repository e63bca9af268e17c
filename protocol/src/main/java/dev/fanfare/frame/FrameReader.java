package dev.fanfare.frame;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.Frame.Warm;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.WorkerProfile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one frame: gathers the fields, in any order, then builds what {@code t} says. */
final class FrameReader {
  /** All but those of releases to come. */
  private static final Set<String> KINDS =
      Set.of(
          "leases",
          "outcomes",
          "channels",
          "credit",
          "full",
          "scaling",
          "acknowledged",
          "hello",
          "welcome",
          "heartbeat",
          "bye",
          "drain",
          "described",
          "check",
          "returned",
          "revoke",
          "logs",
          "announced",
          "fetch",
          "chunk",
          "missing",
          "upload",
          "uploaded",
          "load",
          "loaded",
          "status",
          "inspect",
          "condition");

  private final JsonParser in;
  private final Fields fields;
  private final Parts parts;

  private @Nullable WorkerProfile profile;
  private @Nullable List<Held> held;
  private @Nullable List<Lease> leases;
  private @Nullable List<Settlement> ended;
  private @Nullable List<Frame.Events> channels;
  private @Nullable List<Warm> warm;
  private @Nullable List<Warm> most;
  private @Nullable List<LogLine> lines;
  private @Nullable List<RevisionId> cached;
  private @Nullable RevisionId revision;
  private @Nullable Sha256 hash;
  private byte @Nullable [] bytes;
  private @Nullable String session;
  private @Nullable String resume;
  private @Nullable String credential;
  private @Nullable String reason;
  private @Nullable String manifest;
  private @Nullable String artifact;
  private @Nullable String blobs;
  private @Nullable String text;
  private boolean retry;
  private double load;
  private long version;
  private long sequence = Fields.ABSENT;
  private long offset = Fields.ABSENT;
  private long total = Fields.ABSENT;
  private long length;
  private long limit;
  private long heartbeat;
  private long at;
  private long free;
  private long guests;
  private long count;
  private long micros;
  private long running;
  private long runtimes;
  private long blank;

  FrameReader(JsonParser in) {
    this.in = in;
    this.fields = new Fields(in);
    this.parts = new Parts(in, fields);
  }

  /** Enters the map; the kind, if it stands first as our own writer puts it. */
  @Nullable String kindIfFirst() throws IOException {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw MalformedFrame.because("a frame is a map");
    }
    String first = in.nextFieldName();
    if (first != null && first.equals("t")) {
      in.nextToken();
      return fields.text();
    }
    return null;
  }

  /** Looks through the whole map for the kind. */
  String findKind() throws IOException {
    if (in.nextToken() == JsonToken.START_OBJECT) {
      for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
        in.nextToken();
        if (name.equals("t")) {
          return fields.text();
        }
        in.skipChildren();
      }
    }
    throw MalformedFrame.missing("a frame", "t");
  }

  /** Reads the fields that follow and builds a frame of the kind. */
  Frame read(String kind) throws IOException {
    boolean known = KINDS.contains(kind);
    String name = in.currentToken() == JsonToken.FIELD_NAME ? in.currentName() : in.nextFieldName();
    for (; name != null; name = in.nextFieldName()) {
      in.nextToken();
      if (known) {
        field(name);
      } else {
        in.skipChildren();
      }
    }
    if (in.currentToken() != JsonToken.END_OBJECT) {
      throw MalformedFrame.because("the frame '" + kind + "' has no end");
    }
    return build(kind);
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "leases" -> leases = fields.list(parts::lease);
      case "ended" -> ended = fields.list(parts::settlement);
      case "channels" -> channels = fields.list(parts::events);
      case "warm", "full", "least" -> warm = fields.list(parts::warm);
      case "most" -> most = fields.list(parts::warm);
      case "held", "stale" -> held = fields.list(parts::held);
      case "lines" -> lines = fields.list(parts::line);
      case "cached" -> cached = fields.list(fields::revision);
      case "profile" -> profile = parts.profile();
      case "rev" -> revision = fields.revision();
      case "hash" -> hash = fields.hash();
      case "bytes" -> bytes = fields.bytes();
      case "session" -> session = fields.text();
      case "resume" -> resume = fields.text();
      case "credential" -> credential = fields.text();
      case "reason" -> reason = fields.text();
      case "manifest" -> manifest = fields.text();
      case "artifact" -> artifact = fields.text();
      case "blobs" -> blobs = fields.text();
      case "text" -> text = fields.text();
      case "retry" -> retry = in.getBooleanValue();
      case "load" -> load = in.getDoubleValue();
      case "version" -> version = fields.count();
      case "seq" -> sequence = in.getLongValue();
      case "offset" -> offset = fields.count();
      case "total" -> total = fields.count();
      case "length" -> length = fields.count();
      case "limit" -> limit = fields.count();
      case "heartbeat" -> heartbeat = fields.count();
      case "at" -> at = in.getLongValue();
      case "free" -> free = in.getIntValue();
      case "guests" -> guests = in.getIntValue();
      case "n" -> count = fields.count();
      case "micros" -> micros = fields.count();
      case "running" -> running = fields.count();
      case "runtimes" -> runtimes = fields.count();
      case "blank" -> blank = fields.count();
      default -> in.skipChildren();
    }
  }

  private Frame build(String kind) {
    return switch (kind) {
      case "leases" -> new Frame.Leases(need(leases, kind, "leases"), whole(count), (int) guests);
      case "outcomes" ->
          new Frame.Outcomes(needNumber(sequence, kind, "seq"), need(ended, kind, "ended"));
      case "channels" -> new Frame.Channels(need(channels, kind, "channels"));
      case "credit" -> new Frame.Credit((int) free, warm == null ? List.of() : warm, (int) guests);
      case "full" -> new Frame.Full(warm == null ? List.of() : warm);
      case "scaling" ->
          new Frame.Scaling(warm == null ? List.of() : warm, most == null ? List.of() : most);
      case "acknowledged" ->
          new Frame.Acknowledged(
              needNumber(sequence, kind, "seq"), held == null ? List.of() : held);
      case "hello" ->
          new Frame.Hello(
              whole(version),
              need(profile, kind, "profile"),
              Optional.ofNullable(resume),
              held == null ? List.of() : held);
      case "welcome" ->
          new Frame.Welcome(
              new SessionId(need(session, kind, "session")),
              need(resume, kind, "resume"),
              Optional.ofNullable(credential),
              whole(heartbeat),
              limit);
      case "heartbeat" -> new Frame.Heartbeat(at);
      case "bye" -> new Frame.Bye(need(reason, kind, "reason"), retry);
      case "drain" -> new Frame.Drain();
      case "described" -> new Frame.Described(need(profile, kind, "profile"));
      case "check" -> new Frame.Check();
      case "returned" -> new Frame.Returned(need(held, kind, "held"));
      case "revoke" -> new Frame.Revoke(need(held, kind, "held"), reason == null ? "" : reason);
      case "logs" -> new Frame.Logs(need(lines, kind, "lines"));
      case "announced" -> new Frame.Announced(need(revision, kind, "rev"));
      case "fetch" ->
          new Frame.Fetch(
              need(hash, kind, "hash"), needNumber(offset, kind, "offset"), whole(length));
      case "chunk" ->
          new Frame.Chunk(
              need(hash, kind, "hash"),
              needNumber(offset, kind, "offset"),
              needNumber(total, kind, "total"),
              need(bytes, kind, "bytes"));
      case "missing" -> new Frame.Missing(need(hash, kind, "hash"));
      case "upload" ->
          new Frame.Upload(
              need(hash, kind, "hash"),
              needNumber(offset, kind, "offset"),
              needNumber(total, kind, "total"),
              need(bytes, kind, "bytes"));
      case "uploaded" ->
          new Frame.Uploaded(need(hash, kind, "hash"), needNumber(offset, kind, "offset"));
      case "load" ->
          new Frame.Load(
              need(revision, kind, "rev"),
              need(manifest, kind, "manifest"),
              need(artifact, kind, "artifact"),
              need(blobs, kind, "blobs"),
              limit);
      case "loaded" -> new Frame.Loaded(need(revision, kind, "rev"), micros);
      case "status" ->
          new Frame.Status(
              whole(running),
              whole(runtimes),
              whole(blank),
              load,
              cached == null ? List.of() : cached);
      case "inspect" -> new Frame.Inspect(needNumber(sequence, kind, "seq"));
      case "condition" ->
          new Frame.Condition(needNumber(sequence, kind, "seq"), need(text, kind, "text"));
      default -> new Frame.Unknown(Fields.brief(kind));
    };
  }

  private static int whole(long number) {
    return Math.toIntExact(number);
  }

  private static long needNumber(long number, String kind, String field) {
    if (number == Fields.ABSENT) {
      throw MalformedFrame.missing("the frame '" + kind + "'", field);
    }
    return number;
  }

  private static <T> T need(@Nullable T value, String kind, String field) {
    if (value == null) {
      throw MalformedFrame.missing("the frame '" + kind + "'", field);
    }
    return value;
  }
}
