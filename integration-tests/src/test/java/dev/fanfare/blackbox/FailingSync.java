package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** While this is open, nothing that a thread of another process syncs gets to the disk: EIO. */
final class FailingSync implements AutoCloseable {
  private static final String CALLS = "fsync,fdatasync,sync_file_range";
  private static final Pattern FAILED = Pattern.compile("sync.*EIO.*INJECTED");

  private final LaunchedProcess strace;

  private FailingSync(LaunchedProcess strace) {
    this.strace = strace;
  }

  static boolean possible() {
    return List.of("/usr/bin", "/bin").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "strace")));
  }

  /** Begins at once; skips the test, with the reason, where that is not allowed. */
  static FailingSync of(long pid, String thread) {
    var tool =
        LaunchedProcess.start(
            Path.of("."),
            Map.of(),
            List.of(
                "strace",
                "-p",
                Long.toString(number(pid, thread)),
                "-e",
                "trace=" + CALLS,
                "-e",
                "inject=" + CALLS + ":error=EIO"));
    var said = tool.awaitLine("attached|not permitted", Duration.ofSeconds(30)).group();
    assumeTrue(said.equals("attached"), "strace may not attach here: " + said);
    return new FailingSync(tool);
  }

  /** How many failed so far. */
  long failed() {
    return strace.output().lines().filter(line -> FAILED.matcher(line).find()).count();
  }

  private static long number(long pid, String thread) {
    try (var threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      List<Path> found = threads.filter(one -> name(one).equals(thread)).toList();
      assertThat(found).as("threads that are called " + thread).hasSize(1);
      return Long.parseLong(found.getFirst().getFileName().toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).strip();
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  /** Syncs succeed again. */
  @Override
  public void close() {
    strace.close();
  }
}
