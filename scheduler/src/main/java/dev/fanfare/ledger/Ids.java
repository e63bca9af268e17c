package dev.fanfare.ledger;

import dev.fanfare.protocol.InvocationId;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Invocation ids as 16 bytes that sort as the ids do. */
final class Ids {
  private Ids() {}

  static byte[] bytes(InvocationId id) {
    return ByteBuffer.allocate(16).putLong(id.high()).putLong(id.low()).array();
  }

  static InvocationId id(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new InvocationId(buffer.getLong(), buffer.getLong());
  }

  /** For people; of what is no id any more, its digits. */
  static String text(byte[] bytes) {
    return bytes.length == 16 ? id(bytes).toString() : HexFormat.of().formatHex(bytes);
  }

  /**
   * What sorts before all ids made at this time or later; after all ids for {@code Long.MAX_VALUE}.
   */
  static byte[] firstOf(long epochMillis) {
    long latest = (1L << 48) - 1;
    return bytes(new InvocationId(Math.clamp(epochMillis, 0, latest) << 16, 0));
  }
}
