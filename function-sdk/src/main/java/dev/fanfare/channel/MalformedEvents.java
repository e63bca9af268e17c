package dev.fanfare.channel;

/** The bytes are no events of channels. */
public final class MalformedEvents extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** That something came for which there was no room. */
  public static MalformedEvents noRoom(int channel) {
    return new MalformedEvents("channel " + channel + " has no room for what came");
  }

  MalformedEvents(String message) {
    super(message);
  }
}
