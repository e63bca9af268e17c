package dev.fanfare.wire;

/**
 * How an entry of a {@link MessageKind#RESULTS} message is to be read. An entry is the item's
 * number, the kind's byte, the length, and that many bytes.
 */
public enum ResultKind {
  /** The result, as JSON. */
  JSON(0),
  /** The result, as bytes. */
  BYTES(1),
  /** The result, as text. */
  TEXT(2),
  /** It failed or was cancelled: JSON with code, type, message, stack, id, worker, attempt. */
  FAILED(3),
  /** It succeeded, with a result too large to travel here: JSON with id, contentType, bytes. */
  ELSEWHERE(4),
  /** It succeeded, and the client did not ask for results. */
  DONE(5);

  private static final ResultKind[] ALL = values();

  private final byte code;

  ResultKind(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static ResultKind of(byte code) {
    if (code < 0 || code >= ALL.length) {
      throw new MalformedMessage("there is no result of kind " + code);
    }
    return ALL[code];
  }
}
