package dev.fanfare.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A function that writes each execution of itself into a file of its process, before it does
 * anything else, and answers with its token, attempt and fence: so each end says which execution it
 * came from.
 *
 * @param folder where the files are; it must exist
 */
public record RecordingFunction(Path folder) {
  /** What it is called by. */
  public static final String NAME = "record";

  /** How often it is tried again after a failure of its own. */
  public static final int RETRIES = 2;

  /** The name of {@link #source}'s class. */
  public static final String CLASS = "Recording";

  /** To be compiled into a jar. */
  public String source() {
    return """
    import dev.fanfare.function.Fn;
    import dev.fanfare.function.Invocation;
    import java.nio.file.*;
    public class Recording {
      static final Path FILE = Path.of("%s", ProcessHandle.current().pid() + "-" + System.nanoTime());
      @Fn(retries = %d, concurrency = 4, timeout = "10m")
      public String record(String token, int millis, int failures, Invocation invocation)
          throws Exception {
        String told = token + " " + invocation.attempt() + " " + invocation.fence();
        long micros = System.currentTimeMillis() * 1000;
        write(invocation.id() + " " + told + " " + micros + "\\n");
        if (millis > 0) Thread.sleep(millis);
        if (invocation.attempt() <= failures) throw new IllegalStateException(told);
        return told;
      }
      private static synchronized void write(String line) throws Exception {
        Files.writeString(FILE, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    }
    """
        .formatted(folder, RETRIES);
  }

  /**
   * Its argument.
   *
   * @param millis how long it takes
   * @param failures how many attempts fail before one succeeds
   */
  public static String body(String token, int millis, int failures) {
    return "{\"token\":\"%s\",\"millis\":%d,\"failures\":%d}".formatted(token, millis, failures);
  }

  /** All that was written; a last line that is torn, since its writer was killed, is none. */
  public List<Execution> executions() {
    var executions = new ArrayList<Execution>();
    try (var files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String[] lines = Files.readString(file).split("\n", -1);
        for (int i = 0; i < lines.length - 1; i++) {
          executions.add(Execution.parse(file.getFileName().toString(), i, lines[i]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return executions;
  }
}
