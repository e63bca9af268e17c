package dev.fanfare.platform;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** Sends log records of all parts to one stream, a line each. */
public final class Logging {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  // Loggers are held weakly: levels that were set would be lost with them.
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger OWN = Logger.getLogger("dev.fanfare");
  private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");

  private Logging() {}

  /** Warnings of everybody, and what our own parts say when more is wanted. */
  public static void to(PrintStream stream, boolean verbose) {
    LogManager.getLogManager().reset();
    ROOT.setLevel(Level.WARNING);
    OWN.setLevel(verbose ? Level.INFO : Level.WARNING);
    ROOT.addHandler(new Lines(stream));
    // Once, before several threads start parts that log: SLF4J would complain.
    OWN.log(Level.FINE, "logging through {0}", LoggerFactory.getILoggerFactory());
  }

  /**
   * From now on libraries may only tell of errors: what stops complains about all that stopped
   * before it.
   */
  static void stopping() {
    HAZELCAST.setLevel(Level.SEVERE);
  }

  /** Warnings of libraries about what is so on purpose. */
  private static final List<String> UNHELPFUL =
      List.of(
          "Ignoring received partition table, startup is not completed yet",
          "Hazelcast is starting in a Java modular environment",
          "No join method is enabled! Starting standalone.",
          "Terminating forcefully...",
          "Connection evicted");

  private static final class Lines extends Handler {
    private final PrintStream stream;
    private final Formatter formatter = new Line();

    Lines(PrintStream stream) {
      this.stream = stream;
    }

    @Override
    public void publish(LogRecord entry) {
      boolean wanted =
          isLoggable(entry) && UNHELPFUL.stream().noneMatch(entry.getMessage()::startsWith);
      if (wanted) {
        stream.print(formatter.format(entry));
        stream.flush();
      }
    }

    @Override
    public void flush() {
      stream.flush();
    }

    @Override
    public void close() {
      flush();
    }
  }

  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord entry) {
      String name = String.valueOf(entry.getLoggerName());
      var text = new StringWriter();
      text.append(CLOCK.format(LocalTime.ofInstant(entry.getInstant(), ZoneId.systemDefault())))
          .append(' ')
          .append(entry.getLevel().getName().toLowerCase(Locale.ROOT))
          .append(' ')
          .append(name.substring(name.lastIndexOf('.') + 1))
          .append(": ")
          .append(formatMessage(entry))
          .append(System.lineSeparator());
      if (entry.getThrown() != null) {
        entry.getThrown().printStackTrace(new PrintWriter(text, true));
      }
      return text.toString();
    }
  }
}
