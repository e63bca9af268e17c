package dev.fanfare.execution;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be run.
 *
 * @param words the program and its arguments, at least one
 * @param environment all that it finds in its environment
 * @param folder where it starts
 * @param terminal the size of its pseudo-terminal, if it is to have one
 */
public record Command(
    List<String> words, Map<String, String> environment, Path folder, Optional<Screen> terminal) {

  /** Where programs are looked for unless the environment says otherwise. */
  public static final String USUAL_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
    if (words.isEmpty() || words.getFirst().isEmpty()) {
      throw new IllegalArgumentException("a command has at least one word");
    }
  }
}
