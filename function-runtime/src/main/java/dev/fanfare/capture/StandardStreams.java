package dev.fanfare.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Puts what functions write to the standard streams and to loggers into their captures. */
public final class StandardStreams {
  private static boolean installed;

  private StandardStreams() {}

  /**
   * For a process that only runs functions: what belongs to no attempt is dropped, input is empty.
   */
  public static synchronized void own() {
    System.setIn(InputStream.nullInputStream());
    route(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
    Logger root = LogManager.getLogManager().getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new CapturingHandler());
  }

  /**
   * For a process that runs functions beside other things: the others' output goes where it went.
   */
  public static synchronized void share() {
    if (!installed) {
      Logger root = LogManager.getLogManager().getLogger("");
      for (Handler handler : root.getHandlers()) {
        handler.setFilter(othersOnly(handler.getFilter()));
      }
      route(System.out, System.err);
      root.addHandler(new CapturingHandler());
    }
  }

  private static Filter othersOnly(@Nullable Filter before) {
    return record -> Captures.current() == null && (before == null || before.isLoggable(record));
  }

  private static void route(OutputStream out, OutputStream err) {
    installed = true;
    System.setOut(new PrintStream(new RoutedStream(false, out), true, UTF_8));
    System.setErr(new PrintStream(new RoutedStream(true, err), true, UTF_8));
  }
}
