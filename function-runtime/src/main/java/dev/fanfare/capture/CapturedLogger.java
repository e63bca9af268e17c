package dev.fanfare.capture;

import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** The logger of one attempt: everything from {@code DEBUG} up goes into its capture. */
public final class CapturedLogger implements System.Logger {
  private final Capture capture;
  private final String name;

  /** A logger of this name. */
  public CapturedLogger(Capture capture, String name) {
    this.capture = capture;
    this.name = name;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    return level != Level.OFF && level.compareTo(Level.DEBUG) >= 0;
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    if (isLoggable(level)) {
      capture.log(level.name(), CapturingHandler.withStack(translated(bundle, message), thrown));
    }
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... parameters) {
    if (isLoggable(level)) {
      capture.log(level.name(), filled(translated(bundle, format), parameters));
    }
  }

  private static String filled(String format, @Nullable Object @Nullable [] parameters) {
    if (parameters == null || parameters.length == 0) {
      return format;
    }
    try {
      return MessageFormat.format(format, parameters);
    } catch (IllegalArgumentException e) {
      return format;
    }
  }

  private static String translated(@Nullable ResourceBundle bundle, @Nullable String message) {
    if (message == null) {
      return "null";
    }
    try {
      return bundle == null ? message : bundle.getString(message);
    } catch (MissingResourceException | ClassCastException e) {
      return message;
    }
  }
}
