package dev.fanfare.wire;

/** What a message is: its first byte. Numbers are unsigned LEB128, texts UTF-8. */
public enum MessageKind {
  /** Up, before any item, optional: bytes that go before each item's own on the worker. */
  PREFIX(1),
  /** Up: the number of the first item, then items one after the other: length, bytes. */
  ITEMS(2),
  /** Up, last: there are no more items. Carries their number. */
  END(3),
  /** Up: cancel what is left. Carries the reason. */
  CANCEL(4),
  /** Down, first: JSON with the burst's id and the window. */
  BEGAN(16),
  /** Down: results one after the other, see {@link ResultKind}. */
  RESULTS(17),
  /** Down: the window changed. Carries its items, then its bytes. */
  WINDOW(18),
  /** Down, last: JSON with the burst's progress as it ended. */
  ENDED(19),
  /** Down, last: JSON with the problem that ends the connection (RFC 9457). */
  PROBLEM(20),
  /**
   * Down, of a burst that goes on by itself: so many items, from the first on, are kept whatever
   * becomes of the gateway. Behind that 1 if these are all, else 0.
   */
  KEPT(21);

  private static final MessageKind[] BY_CODE = new MessageKind[32];

  static {
    for (MessageKind kind : values()) {
      BY_CODE[kind.code] = kind;
    }
  }

  private final byte code;

  MessageKind(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static MessageKind of(byte code) {
    MessageKind kind = code < 0 || code >= BY_CODE.length ? null : BY_CODE[code];
    if (kind == null) {
      throw new MalformedMessage("there is no message of kind " + code);
    }
    return kind;
  }
}
