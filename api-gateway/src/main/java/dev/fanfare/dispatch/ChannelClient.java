package dev.fanfare.dispatch;

/**
 * The client's side of an invocation's channels, as its gateway has it. Called on the dispatcher's
 * context; must not block.
 */
public interface ChannelClient {

  /** The function runs and listens; comes once, before anything it says. */
  void began();

  /** The function said something. */
  void said(byte[] events);

  /** What the client says may leave again. */
  void drained();

  /** The function began anew though it must not: this client's side of it is lost. */
  void lost(String why);
}
