package dev.fanfare.frame;

/**
 * One end of a session: takes frames for the other end and delivers them in order, each once, until
 * it closes. Implementations may be called from any thread.
 */
public interface Link {

  /** Sends a frame; does nothing once the link is closed. */
  void send(Frame frame);

  /**
   * Whether so much waits to be sent that more should be held back until {@link Listener#drained}.
   */
  boolean congested();

  /**
   * Sends what was given so far, then ends the link; the other end sees {@link Listener#closed}.
   */
  void close();

  /** Who the other end is, for logs: an address or {@code in-process}. */
  String peer();

  /** What one end hears, one call at a time, on one thread or event loop. */
  interface Listener {
    /** A frame came. */
    void received(Frame frame);

    /** Room to send again after {@link Link#congested} was true. */
    default void drained() {}

    /** The link is gone; nothing more comes. {@code reason} is for people. */
    void closed(String reason);
  }
}
