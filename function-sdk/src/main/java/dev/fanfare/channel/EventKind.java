package dev.fanfare.channel;

/** What an event of a channel is: its first byte. */
public enum EventKind {
  /** A channel begins here. On channel 0 it may carry JSON: the argument, or the invocation. */
  OPEN(0),
  /** An item, as JSON in UTF-8. */
  JSON(1),
  /** An item, as bytes. */
  BYTES(2),
  /** So many bytes more may be sent; the number as unsigned LEB128. */
  CREDIT(3),
  /** The sender sends no more items. */
  END(4),
  /** The sender takes no more items. */
  STOP(5),
  /** The sender failed, sends and takes no more; JSON with code, type, message and stack. */
  ERROR(6);

  private static final EventKind[] ALL = values();

  private final byte code;

  EventKind(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static EventKind of(byte code) {
    if (code < 0 || code >= ALL.length) {
      throw new MalformedEvents("there is no channel event of kind " + code);
    }
    return ALL[code];
  }
}
