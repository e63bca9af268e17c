package dev.fanfare.state;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a worker's state is looked at.
 *
 * @param file the declaration, read anew each time
 * @param every how often it is looked at
 * @param serveUnmet whether the worker takes work that is pinned to what was found, also where that
 *     is not what was declared
 */
public record StateSettings(Path file, Duration every, boolean serveUnmet) {
  /** How often it is looked at unless somebody says otherwise. */
  public static final Duration USUALLY = Duration.ofMinutes(5);

  public StateSettings {
    if (!every.isPositive()) {
      throw new IllegalArgumentException("a state is looked at every more than 0 s");
    }
  }

  /** Looks at this machine now; blocks. */
  public MachineState find() {
    try {
      return Declaration.read(file).find(System.getenv());
    } catch (IOException e) {
      return MachineState.unknown(file + " cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return MachineState.unknown(String.valueOf(e.getMessage()));
    }
  }
}
