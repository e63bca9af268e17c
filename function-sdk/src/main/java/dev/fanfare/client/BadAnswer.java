package dev.fanfare.client;

import org.jspecify.annotations.Nullable;

/**
 * An answer that is not what was asked for: a result of another type, or no answer of a platform.
 */
public final class BadAnswer extends FanfareException {
  private static final long serialVersionUID = 1L;

  BadAnswer(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
