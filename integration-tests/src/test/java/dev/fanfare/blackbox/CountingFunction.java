package dev.fanfare.blackbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A function that writes every execution of itself into a file, a ledger of its own, beside which
 * the platform's word is held.
 *
 * @param file where the executions are
 */
record CountingFunction(Path file) {

  /** One line of the file. */
  record Execution(String id, int number, int attempt, long fence) {
    private static Execution parse(String line) {
      String[] parts = line.split(" ", -1);
      return new Execution(
          parts[0],
          Integer.parseInt(parts[1]),
          Integer.parseInt(parts[2]),
          Long.parseLong(parts[3]));
    }
  }

  /** The jar with the function {@code count}, which doubles its number. */
  Path jar(Path folder) {
    return TestJar.of(
        folder,
        "Counting",
        """
        import dev.fanfare.function.Fn;
        import dev.fanfare.function.Invocation;
        import java.nio.file.*;
        public class Counting {
          static final Path FILE = Path.of("%s");
          @Fn(concurrency = 4)
          public int count(int number, int millis, Invocation invocation) throws Exception {
            String line = invocation.id() + " " + number + " " + invocation.attempt() + " "
                + invocation.fence() + "\\n";
            Files.writeString(FILE, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            if (millis > 0) Thread.sleep(millis);
            return number * 2;
          }
        }
        """
            .formatted(file));
  }

  static String body(int number, int millis) {
    return "{\"number\": %d, \"millis\": %d}".formatted(number, millis);
  }

  /** What was executed, by invocation, in order. */
  Map<String, List<Execution>> executions() {
    var executions = new TreeMap<String, List<Execution>>();
    try {
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          Execution execution = Execution.parse(line);
          executions.computeIfAbsent(execution.id, id -> new ArrayList<>()).add(execution);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return executions;
  }
}
