package dev.fanfare.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How to measure.
 *
 * @param rounds each figure is the median of so many
 * @param seconds how long a round of a load lasts
 * @param only the sections to run; all if empty
 * @param examples the jar of the examples
 * @param ledger a database to measure ({@code jdbc:postgresql:…}); one that is started if empty
 */
record Settings(int rounds, int seconds, Set<String> only, Path examples, Optional<String> ledger) {

  /**
   * Reads {@code --rounds N --seconds N --only NAME,… --ledger URL}; five rounds of five seconds by
   * default.
   */
  static Settings of(String[] args) throws IOException {
    try (var jars = Files.list(StartedProcess.checkout().resolve("cli/target/dist/examples"))) {
      String only = option(args, "--only", "");
      return new Settings(
          Integer.parseInt(option(args, "--rounds", "5")),
          Integer.parseInt(option(args, "--seconds", "5")),
          only.isEmpty() ? Set.of() : Set.copyOf(List.of(only.split(",", -1))),
          jars.findFirst().orElseThrow(),
          Optional.of(option(args, "--ledger", "")).filter(url -> !url.isEmpty()));
    }
  }

  boolean wants(Section section) {
    return only.isEmpty() || only.contains(section.name());
  }

  private static String option(String[] args, String name, String absent) {
    int at = Arrays.asList(args).indexOf(name);
    return at < 0 ? absent : args[at + 1];
  }
}
