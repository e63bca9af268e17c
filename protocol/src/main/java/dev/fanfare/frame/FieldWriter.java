package dev.fanfare.frame;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes names with their values. Ids and hashes are bytes where the encoding has bytes, else text.
 */
final class FieldWriter {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final JsonGenerator out;
  private final boolean binary;
  private final byte[] id = new byte[16];

  FieldWriter(JsonGenerator out, boolean binary) {
    this.out = out;
    this.binary = binary;
  }

  void id(InvocationId invocation) throws IOException {
    out.writeFieldName(Name.ID);
    if (binary) {
      LONG.set(id, 0, invocation.high());
      LONG.set(id, 8, invocation.low());
      out.writeBinary(id);
    } else {
      out.writeString(invocation.toString());
    }
  }

  void revision(SerializableString name, RevisionId revision) throws IOException {
    out.writeFieldName(name);
    revision(revision);
  }

  /** The bare value, without a name. */
  void revision(RevisionId revision) throws IOException {
    if (binary) {
      out.writeBinary(Known.bytes(revision));
    } else {
      out.writeString(revision.hash().hex());
    }
  }

  void hash(SerializableString name, Sha256 hash) throws IOException {
    out.writeFieldName(name);
    if (binary) {
      out.writeBinary(HexFormat.of().parseHex(hash.hex()));
    } else {
      out.writeString(hash.hex());
    }
  }

  void unlessEmpty(SerializableString name, String value) throws IOException {
    if (!value.isEmpty()) {
      text(name, value);
    }
  }

  void text(SerializableString name, String value) throws IOException {
    out.writeFieldName(name);
    out.writeString(value);
  }

  void number(SerializableString name, long value) throws IOException {
    out.writeFieldName(name);
    out.writeNumber(value);
  }

  void flag(SerializableString name, boolean value) throws IOException {
    out.writeFieldName(name);
    out.writeBoolean(value);
  }

  <T> void array(SerializableString name, List<T> items, Item<T> each) throws IOException {
    out.writeFieldName(name);
    out.writeStartArray(null, items.size());
    for (int i = 0; i < items.size(); i++) {
      each.write(items.get(i));
    }
    out.writeEndArray();
  }

  /** Writes one item of a list. */
  interface Item<T> {
    void write(T item) throws IOException;
  }
}
