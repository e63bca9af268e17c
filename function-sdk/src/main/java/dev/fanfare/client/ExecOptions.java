package dev.fanfare.client;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a command is run on a worker; null where the usual holds.
 *
 * @param input its standard input, at most what the platform takes as a request (64 MiB)
 * @param environment variables beside PATH, HOME, USER and LANG, or instead of them
 * @param folder where it starts; the home folder of the worker's user by default
 * @param timeout after which it is killed; a day by default
 */
public record ExecOptions(
    byte[] input,
    Map<String, String> environment,
    @Nullable String folder,
    @Nullable Duration timeout) {

  /** Nothing said: no input. */
  public static final ExecOptions NONE = new ExecOptions(new byte[0], Map.of(), null, null);

  public ExecOptions {
    environment = Map.copyOf(environment);
  }

  /** These with an input. */
  public ExecOptions withInput(byte[] bytes) {
    return new ExecOptions(bytes, environment, folder, timeout);
  }

  /** These with one more variable. */
  public ExecOptions withVariable(String name, String value) {
    var more = new TreeMap<>(environment);
    more.put(name, value);
    return new ExecOptions(input, more, folder, timeout);
  }

  /** These with a folder to start in. */
  public ExecOptions withFolder(String path) {
    return new ExecOptions(input, environment, path, timeout);
  }

  /** These with a bound. */
  public ExecOptions withTimeout(Duration longest) {
    return new ExecOptions(input, environment, folder, longest);
  }
}
