package dev.fanfare.capture;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Puts records of {@code java.util.logging}, and so of {@code System.Logger}, into captures. */
final class CapturingHandler extends Handler {
  private final SimpleFormatter words = new SimpleFormatter();

  @Override
  public void publish(LogRecord record) {
    Capture capture = Captures.current();
    if (capture != null && isLoggable(record)) {
      capture.log(level(record.getLevel()), text(record));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  private String text(LogRecord record) {
    String message = words.formatMessage(record);
    return withStack(message == null ? "" : message, record.getThrown());
  }

  static String withStack(String message, @org.jspecify.annotations.Nullable Throwable thrown) {
    if (thrown == null) {
      return message;
    }
    try {
      var stack = new StringWriter();
      thrown.printStackTrace(new PrintWriter(stack));
      return message + "\n" + stack.toString().strip();
    } catch (RuntimeException e) {
      return message + "\n" + thrown.getClass().getName();
    }
  }

  private static String level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    } else if (value >= Level.WARNING.intValue()) {
      return "WARNING";
    } else if (value >= Level.INFO.intValue()) {
      return "INFO";
    }
    return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
  }
}
