package dev.fanfare.relay;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Looks at a frame's kind without reading the frame. */
final class Peek {
  private static final int INDEFINITE_MAP = 0xbf;
  private static final int SHORT_MAP = 0xa0;
  private static final int MAP_OF_ONE_BYTE = 0xb8;
  private static final int MAP_OF_TWO_BYTES = 0xb9;
  private static final int SHORT_TEXT = 0x60;
  private static final int LONGEST_SHORT = 23;

  private Peek() {}

  /** The frame's kind as it is written in CBOR; empty where it is not at its usual place. */
  static String kind(Buffer frame) {
    int at = afterMapHeader(frame);
    boolean usual =
        at > 0
            && frame.length() > at + 2
            && frame.getUnsignedByte(at) == SHORT_TEXT + 1
            && frame.getByte(at + 1) == 't';
    if (!usual) {
      return "";
    }
    int length = frame.getUnsignedByte(at + 2) - SHORT_TEXT;
    int begin = at + 3;
    return length >= 0 && length <= LONGEST_SHORT && frame.length() >= begin + length
        ? frame.getString(begin, begin + length, StandardCharsets.US_ASCII.name())
        : "";
  }

  private static int afterMapHeader(Buffer frame) {
    if (frame.length() == 0) {
      return -1;
    }
    int first = frame.getUnsignedByte(0);
    if (first == INDEFINITE_MAP || first >= SHORT_MAP && first <= SHORT_MAP + LONGEST_SHORT) {
      return 1;
    }
    return first == MAP_OF_ONE_BYTE ? 2 : first == MAP_OF_TWO_BYTES ? 3 : -1;
  }
}
