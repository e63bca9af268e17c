package dev.fanfare.client;

import org.jspecify.annotations.Nullable;

/** A call that brought no result. The subclasses say why. */
public abstract class FanfareException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FanfareException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
