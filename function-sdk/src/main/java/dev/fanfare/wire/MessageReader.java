package dev.fanfare.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads one message. Methods throw {@link MalformedMessage} where the bytes end early. Not
 * thread-safe.
 */
public final class MessageReader {
  private final byte[] bytes;
  private final MessageKind kind;
  private int at = 1;

  /** Reads this message; its bytes are not copied. */
  public MessageReader(byte[] message) {
    if (message.length == 0) {
      throw new MalformedMessage("the message is empty");
    }
    this.bytes = message;
    this.kind = MessageKind.of(message[0]);
  }

  /** What it is. */
  public MessageKind kind() {
    return kind;
  }

  /** Whether something is left. */
  public boolean hasMore() {
    return at < bytes.length;
  }

  /** A number from 0 on. */
  public long number() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      byte next = one();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new MalformedMessage("a number is too large");
  }

  /** Bytes behind their length. */
  public byte[] entry() {
    long count = number();
    if (count > bytes.length - at) {
      throw new MalformedMessage("an entry ends after the message");
    }
    int start = at;
    at += (int) count;
    return Arrays.copyOfRange(bytes, start, at);
  }

  /** A result's kind. */
  public ResultKind resultKind() {
    return ResultKind.of(one());
  }

  /** What is left, as it is. */
  public byte[] rest() {
    int start = at;
    at = bytes.length;
    return Arrays.copyOfRange(bytes, start, at);
  }

  /** What is left, as text. */
  public String text() {
    return new String(rest(), StandardCharsets.UTF_8);
  }

  private byte one() {
    if (at >= bytes.length) {
      throw new MalformedMessage("the message ends early");
    }
    return bytes[at++];
  }
}
