package dev.fanfare.function;

import org.jspecify.annotations.Nullable;

/** Nothing can be sent any more: an end was closed, the invocation ended, or the other is lost. */
public final class ChannelClosed extends ChannelException {
  private static final long serialVersionUID = 1L;

  /** With why, and what made it fail if something did. */
  public ChannelClosed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
