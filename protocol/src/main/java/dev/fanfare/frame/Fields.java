package dev.fanfare.frame;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads the value that the parser stands on, as the type that is wanted there. */
final class Fields {
  /** Stands for a number that did not come. */
  static final long ABSENT = Long.MIN_VALUE;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final JsonParser in;

  Fields(JsonParser in) {
    this.in = in;
  }

  String text() throws IOException {
    expect(JsonToken.VALUE_STRING, "text");
    return in.getText();
  }

  byte[] bytes() throws IOException {
    if (in.currentToken() != JsonToken.VALUE_EMBEDDED_OBJECT) {
      expect(JsonToken.VALUE_STRING, "bytes");
    }
    return in.getBinaryValue();
  }

  /** A number from 0. */
  long count() throws IOException {
    long value = in.getLongValue();
    if (value < 0) {
      throw MalformedFrame.because("'" + in.currentName() + "' is negative");
    }
    return value;
  }

  InvocationId id() throws IOException {
    if (in.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT) {
      byte[] bytes = exactly(16);
      return new InvocationId((long) LONG.get(bytes, 0), (long) LONG.get(bytes, 8));
    }
    return InvocationId.parse(text());
  }

  RevisionId revision() throws IOException {
    if (in.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT) {
      return Known.revision(exactly(32));
    }
    return RevisionId.parse(text());
  }

  Sha256 hash() throws IOException {
    if (in.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT) {
      return new Sha256(HexFormat.of().formatHex(exactly(32)));
    }
    return new Sha256(text());
  }

  FunctionName function() throws IOException {
    return Known.function(text());
  }

  <T> List<T> list(Item<T> item) throws IOException {
    expect(JsonToken.START_ARRAY, "a list");
    var items = new ArrayList<T>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      items.add(item.read());
    }
    return items;
  }

  void expect(JsonToken token, String what) throws IOException {
    if (in.currentToken() != token) {
      throw MalformedFrame.because(
          "'" + brief(String.valueOf(in.currentName())) + "' is not " + what);
    }
  }

  static String brief(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.getBinaryValue();
    if (bytes.length != length) {
      throw MalformedFrame.because(
          "'" + in.currentName() + "' has " + bytes.length + " bytes, not " + length);
    }
    return bytes;
  }

  /** Reads one item of a list. */
  interface Item<T> {
    T read() throws IOException;
  }
}
