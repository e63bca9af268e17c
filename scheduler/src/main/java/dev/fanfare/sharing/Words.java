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
public final class Words {
  private Words() {}

  /** What goes into the bytes. */
  public interface Writing {
    void to(WireOutput out) throws IOException;
  }

  /** What comes out of them. */
  public interface Reading<T> {
    T from(WireInput in) throws IOException;
  }

  /** The bytes of what is written. */
  public static byte[] write(Writing writing) {
    var bytes = new ByteArrayOutputStream();
    try {
      writing.to(new WireOutput(new DataOutputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * What the bytes say.
   *
   * @throws UncheckedIOException if they say nothing that this node understands
   */
  public static <T> T read(byte[] bytes, Reading<T> reading) {
    try {
      return reading.from(new WireInput(new DataInputStream(new ByteArrayInputStream(bytes))));
    } catch (IOException e) {
      throw new UncheckedIOException("a node of another version, perhaps", e);
    }
  }
}
