package dev.fanfare.client;

/**
 * The calling thread was interrupted, or the client closed, while it waited. A synchronous call is
 * cancelled by that, a submitted invocation goes on. The thread's interrupt flag is set again.
 */
public final class Interrupted extends FanfareException {
  private static final long serialVersionUID = 1L;

  private Interrupted(String message, Throwable cause) {
    super(message, cause);
  }

  static Interrupted restoringFlag(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new Interrupted("interrupted while waiting for the platform", cause);
  }

  static Interrupted closed(Throwable cause) {
    return new Interrupted("the client was closed during the call", cause);
  }
}
