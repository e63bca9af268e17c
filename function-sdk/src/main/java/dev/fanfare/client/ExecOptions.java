package dev.fanfare.client;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a command is run on a worker; null where the usual holds.
 *
 * @param environment variables beside PATH, HOME, USER and LANG, or instead of them
 * @param folder where it starts; the home folder of the worker's user by default
 * @param terminal the size of its pseudo-terminal; none by default
 * @param timeout after which it is killed; a day by default
 */
public record ExecOptions(
    Map<String, String> environment,
    @Nullable String folder,
    @Nullable Terminal terminal,
    @Nullable Duration timeout) {

  /** Nothing said. */
  public static final ExecOptions NONE = new ExecOptions(Map.of(), null, null, null);

  /** A terminal's size in characters, each 1 to 10,000. */
  public record Terminal(int columns, int rows) {}

  public ExecOptions {
    environment = Map.copyOf(environment);
  }

  /** These with one more variable. */
  public ExecOptions withVariable(String name, String value) {
    var more = new TreeMap<>(environment);
    more.put(name, value);
    return new ExecOptions(more, folder, terminal, timeout);
  }

  /** These with a folder to start in. */
  public ExecOptions withFolder(String path) {
    return new ExecOptions(environment, path, terminal, timeout);
  }

  /** These with a pseudo-terminal. */
  public ExecOptions withTerminal(int columns, int rows) {
    return new ExecOptions(environment, folder, new Terminal(columns, rows), timeout);
  }

  /** These with a bound. */
  public ExecOptions withTimeout(Duration longest) {
    return new ExecOptions(environment, folder, terminal, longest);
  }
}
