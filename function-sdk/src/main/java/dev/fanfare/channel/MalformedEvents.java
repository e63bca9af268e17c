package dev.fanfare.channel;

/** The bytes are no events of channels. */
public final class MalformedEvents extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedEvents(String message) {
    super(message);
  }
}
