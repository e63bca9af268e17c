package dev.fanfare.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a command was started in: its environment, its streams, and which of them are a terminal.
 * Data goes to {@code out}, everything said to people to {@code err}.
 *
 * @param environment the environment variables
 * @param home the user's folder
 * @param terminals the streams a person sits at
 */
public record Shell(
    Map<String, String> environment,
    Path home,
    InputStream in,
    PrintStream out,
    PrintStream err,
    Set<Stream> terminals) {
  private static final int LEAST_WIDTH = 40;
  private static final int USUAL_WIDTH = 100;

  public Shell {
    environment = Map.copyOf(environment);
    terminals = Set.copyOf(terminals);
  }

  /** The shell of this process. */
  public static Shell ofProcess() {
    Map<String, String> environment = System.getenv();
    String home = environment.getOrDefault("HOME", "");
    return new Shell(
        environment,
        Path.of(home.isBlank() ? System.getProperty("user.home", ".") : home),
        new FileInputStream(FileDescriptor.in),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        Terminals.ofProcess());
  }

  /** Whether the stream is a terminal. */
  public boolean interactive(Stream stream) {
    return terminals.contains(stream);
  }

  /** The value of an environment variable, if it is set and not empty. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** How to write emphasis on the stream: not at all unless it is a terminal that shows it. */
  public Style style(Stream stream) {
    boolean plain =
        !interactive(stream)
            || variable("NO_COLOR").isPresent()
            || variable("TERM").filter("dumb"::equals).isPresent();
    return plain ? Style.PLAIN : Style.COLORED;
  }

  /** Columns to write in. */
  public int width() {
    try {
      return Math.max(LEAST_WIDTH, Integer.parseInt(environment.getOrDefault("COLUMNS", "")));
    } catch (NumberFormatException e) {
      return USUAL_WIDTH;
    }
  }

  /**
   * The folder of the user's configuration: {@code $XDG_CONFIG_HOME/fanfare} or {@code
   * ~/.config/fanfare}.
   */
  public Path configurationFolder() {
    return variable("XDG_CONFIG_HOME")
        .map(Path::of)
        .orElse(home.resolve(".config"))
        .resolve("fanfare");
  }

  /**
   * The folder of the user's data: {@code $XDG_DATA_HOME/fanfare} or {@code
   * ~/.local/share/fanfare}.
   */
  public Path dataFolder() {
    return variable("XDG_DATA_HOME")
        .map(Path::of)
        .orElse(home.resolve(".local/share"))
        .resolve("fanfare");
  }

  /**
   * The folder of what can be made again: {@code $XDG_CACHE_HOME/fanfare} or {@code
   * ~/.cache/fanfare}.
   */
  public Path cacheFolder() {
    return variable("XDG_CACHE_HOME")
        .map(Path::of)
        .orElse(home.resolve(".cache"))
        .resolve("fanfare");
  }

  /** Tells people something, on a line of its own. */
  public void say(String line) {
    err.println(line);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    // JSON is UTF-8 whatever the locale says.
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), 16 * 1024),
        true,
        StandardCharsets.UTF_8);
  }
}
