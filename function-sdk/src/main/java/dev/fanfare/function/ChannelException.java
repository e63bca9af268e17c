package dev.fanfare.function;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a {@link Channel} throws. The subclasses say why. */
public abstract class ChannelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChannelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** No item came in the time given. */
  public static final class TimedOut extends ChannelException {
    private static final long serialVersionUID = 1L;

    public TimedOut(Duration waited) {
      super("no item came within " + waited.toMillis() + " ms", null);
    }
  }

  /** The thread was interrupted while it waited; its interrupt flag is set again. */
  public static final class Interrupted extends ChannelException {
    private static final long serialVersionUID = 1L;

    private Interrupted(InterruptedException cause) {
      super("interrupted while waiting in a channel", cause);
    }

    /** Sets the thread's flag again. */
    public static Interrupted restoringFlag(InterruptedException cause) {
      Thread.currentThread().interrupt();
      return new Interrupted(cause);
    }
  }

  /** The item is none of the type that is wanted. It is gone; the channel goes on. */
  public static final class Misfit extends ChannelException {
    private static final long serialVersionUID = 1L;

    public Misfit(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
