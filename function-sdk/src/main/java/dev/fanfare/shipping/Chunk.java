package dev.fanfare.shipping;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Several items of a burst that share one invocation: the lambda and the items going there, a value
 * or a failure for each coming back. Lengths are four bytes, big-endian.
 */
public final class Chunk {
  /** How many bytes each item takes beside its own. */
  public static final int BYTES_PER_ITEM = 5;

  /** How many bytes a request takes beside the lambda and the items. */
  public static final int BYTES_PER_REQUEST = 4;

  private static final byte VALUE = 0;
  private static final byte FAILURE = 1;

  private Chunk() {}

  /** How one item ended on the worker. */
  public sealed interface Part {}

  /** It returned: a value as it travels. */
  public record Value(byte[] bytes) implements Part {}

  /**
   * It threw.
   *
   * @param status the HTTP status that a {@code Reject} chose, 0 for anything else
   */
  public record Thrown(int status, String type, String message, String stack) implements Part {}

  /** The request for some items of one lambda. */
  public static byte[] request(byte[] lambda, Collection<byte[]> items) {
    int length = BYTES_PER_REQUEST + lambda.length;
    for (byte[] item : items) {
      length += 4 + item.length;
    }
    ByteBuffer request = ByteBuffer.allocate(length).putInt(lambda.length).put(lambda);
    for (byte[] item : items) {
      request.putInt(item.length).put(item);
    }
    return request.array();
  }

  /**
   * What a worker answered.
   *
   * @throws IllegalArgumentException if the bytes are no answer to a chunk
   */
  public static List<Part> parts(byte[] answer) {
    var parts = new ArrayList<Part>();
    ByteBuffer in = ByteBuffer.wrap(answer);
    while (in.hasRemaining()) {
      byte kind = in.get();
      byte[] content = entry(in);
      switch (kind) {
        case VALUE -> parts.add(new Value(content));
        case FAILURE -> parts.add(thrown(content));
        default -> throw new IllegalArgumentException("a chunk's answer has no part " + kind);
      }
    }
    return parts;
  }

  /** A length and so many bytes. */
  static byte[] entry(ByteBuffer in) {
    if (in.remaining() < 4) {
      throw new IllegalArgumentException("a chunk ends early");
    }
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a chunk ends early");
    }
    byte[] content = new byte[length];
    in.get(content);
    return content;
  }

  static void writeValue(DataOutputStream out, byte[] value) throws IOException {
    out.writeByte(VALUE);
    out.writeInt(value.length);
    out.write(value);
  }

  static void writeThrown(DataOutputStream out, Thrown thrown) throws IOException {
    var content = new ByteArrayOutputStream();
    var texts = new DataOutputStream(content);
    texts.writeInt(thrown.status());
    for (String text : List.of(thrown.type(), thrown.message(), thrown.stack())) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      texts.writeInt(bytes.length);
      texts.write(bytes);
    }
    out.writeByte(FAILURE);
    out.writeInt(content.size());
    content.writeTo(out);
  }

  private static Thrown thrown(byte[] content) {
    ByteBuffer in = ByteBuffer.wrap(content);
    if (in.remaining() < 4) {
      throw new IllegalArgumentException("a chunk ends early");
    }
    return new Thrown(in.getInt(), text(in), text(in), text(in));
  }

  private static String text(ByteBuffer in) {
    return new String(entry(in), StandardCharsets.UTF_8);
  }
}
