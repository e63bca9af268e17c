package dev.fanfare.platform;

import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files this software came with: {@code lib}, {@code runtime-lib}, {@code examples}.
 *
 * @param home the distribution's folder, as the launcher tells it
 */
public record Distribution(Path home) {
  private static final String PROPERTY = "fanfare.home";

  /** Where the launcher says it is. */
  public static Distribution ofProcess() {
    String home = System.getProperty(PROPERTY);
    if (home == null) {
      throw CommandException.platform("the system property " + PROPERTY + " is not set")
          .advise("start this through the launcher script, fanfare");
    }
    return new Distribution(Path.of(home));
  }

  /** The class path of child JVMs. */
  public List<Path> runtimeClasspath() {
    List<Path> jars = jars(home.resolve("runtime-lib"));
    if (jars.isEmpty()) {
      throw CommandException.platform(
              "the distribution is incomplete: no jars in " + home.resolve("runtime-lib"))
          .advise("build it again: mvn package, or install it anew");
    }
    return jars;
  }

  /** The jars with example functions. */
  public List<Path> examples() {
    return jars(home.resolve("examples"));
  }

  /** The folder of AOT caches. */
  public Path caches() {
    return home.resolve("aot");
  }

  private static List<Path> jars(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw CommandException.platform("cannot read " + folder + ": " + e.getMessage()).causedBy(e);
    }
  }
}
