package dev.fanfare.wire;

/** The bytes are no message of this protocol. */
public final class MalformedMessage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what is wrong, in words. */
  public MalformedMessage(String message) {
    super(message);
  }
}
