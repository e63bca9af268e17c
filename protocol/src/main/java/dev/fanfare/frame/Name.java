package dev.fanfare.frame;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;

/** The names of fields on the wire; each means one thing wherever it stands. */
final class Name {
  static final SerializableString KIND = name("t");
  static final SerializableString ALONE = name("alone");
  static final SerializableString ARTIFACT = name("artifact");
  static final SerializableString AT = name("at");
  static final SerializableString ATTEMPT = name("try");
  static final SerializableString BLANK = name("blank");
  static final SerializableString BLOBS = name("blobs");
  static final SerializableString BODY = name("body");
  static final SerializableString BYTES = name("bytes");
  static final SerializableString CACHED = name("cached");
  static final SerializableString CALL = name("call");
  static final SerializableString CANCELLED = name("cancelled");
  static final SerializableString CHANNELS = name("channels");
  static final SerializableString CODE = name("code");
  static final SerializableString COUNT = name("n");
  static final SerializableString CREDENTIAL = name("credential");
  static final SerializableString ENDED = name("ended");
  static final SerializableString EVENTS = name("events");
  static final SerializableString FAULT = name("fault");
  static final SerializableString FENCE = name("fence");
  static final SerializableString FREE = name("free");
  static final SerializableString FULL = name("full");
  static final SerializableString FUNCTION = name("fn");
  static final SerializableString GUESTS = name("guests");
  static final SerializableString HASH = name("hash");
  static final SerializableString HEARTBEAT = name("heartbeat");
  static final SerializableString HELD = name("held");
  static final SerializableString ID = name("id");
  static final SerializableString ISOLATION = name("isolation");
  static final SerializableString LABELS = name("labels");
  static final SerializableString LEASES = name("leases");
  static final SerializableString LEAST = name("least");
  static final SerializableString LENGTH = name("length");
  static final SerializableString LEVEL = name("level");
  static final SerializableString LIMIT = name("limit");
  static final SerializableString LINES = name("lines");
  static final SerializableString LOAD = name("load");
  static final SerializableString MANIFEST = name("manifest");
  static final SerializableString MESSAGE = name("message");
  static final SerializableString MICROS = name("micros");
  static final SerializableString MOST = name("most");
  static final SerializableString OFFSET = name("offset");
  static final SerializableString PROFILE = name("profile");
  static final SerializableString REASON = name("reason");
  static final SerializableString RESUME = name("resume");
  static final SerializableString RETRY = name("retry");
  static final SerializableString REVISION = name("rev");
  static final SerializableString RUNNING = name("running");
  static final SerializableString RUNTIMES = name("runtimes");
  static final SerializableString SEQUENCE = name("seq");
  static final SerializableString SESSION = name("session");
  static final SerializableString SIZE = name("size");
  static final SerializableString SLOTS = name("slots");
  static final SerializableString SOURCE = name("source");
  static final SerializableString STACK = name("stack");
  static final SerializableString STALE = name("stale");
  static final SerializableString STATUS = name("status");
  static final SerializableString TEXT = name("text");
  static final SerializableString TIMEOUT = name("timeout");
  static final SerializableString TOTAL = name("total");
  static final SerializableString TRACE = name("trace");
  static final SerializableString TYPE = name("type");
  static final SerializableString USAGE = name("use");
  static final SerializableString VERSION = name("version");
  static final SerializableString WARM = name("warm");

  private Name() {}

  private static SerializableString name(String name) {
    var serialized = new SerializedString(name);
    serialized.asUnquotedUTF8();
    serialized.asQuotedUTF8();
    return serialized;
  }
}
