package dev.fanfare.frame;

/** Bytes that are no frame of this protocol; the message says what is wrong with which part. */
public final class MalformedFrame extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private MalformedFrame(String message, Throwable cause) {
    super(message, cause);
  }

  private MalformedFrame(String message) {
    super(message);
  }

  static MalformedFrame because(String message) {
    return new MalformedFrame(message);
  }

  static MalformedFrame unreadable(Exception cause) {
    return new MalformedFrame("not a frame: " + cause.getMessage(), cause);
  }

  static MalformedFrame missing(String part, String field) {
    return new MalformedFrame(part + " lacks '" + field + "'");
  }
}
