package dev.fanfare.platform;

import java.util.Locale;
import java.util.function.Consumer;

/** Tells how long each step of a start took. Thread-safe. */
public final class Phases {
  private final Consumer<String> listener;
  private final long started = System.nanoTime();

  private Phases(Consumer<String> listener) {
    this.listener = listener;
  }

  /** Phases told to the listener, one line each. */
  public static Phases toldTo(Consumer<String> listener) {
    return new Phases(listener);
  }

  /** Phases that nobody wants to know. */
  public static Phases untold() {
    return new Phases(line -> {});
  }

  /** A step is done. */
  public void done(String phase) {
    listener.accept(String.format(Locale.ROOT, "%5.0f ms  %s", seconds() * 1000, phase));
  }

  /** Time since the start. */
  public double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }
}
