package dev.fanfare.sharing;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Questions and answers as bytes. */
final class Words {
  private Words() {}

  interface Writing {
    void to(WireOutput out) throws IOException;
  }

  interface Reading<T> {
    T from(WireInput in) throws IOException;
  }

  static byte[] write(Writing writing) {
    var bytes = new ByteArrayOutputStream();
    try {
      writing.to(new WireOutput(new DataOutputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static <T> T read(byte[] bytes, Reading<T> reading) {
    try {
      return reading.from(new WireInput(new DataInputStream(new ByteArrayInputStream(bytes))));
    } catch (IOException e) {
      throw new UncheckedIOException("a node of another version, perhaps", e);
    }
  }
}
