package dev.fanfare.blackbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A long-running process that a test started, with every line it printed; ended by {@link #close}.
 */
final class LaunchedProcess implements AutoCloseable {
  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private LaunchedProcess(Process process) {
    this.process = process;
    Thread.ofVirtual().start(() -> collect(process.inputReader()));
    Thread.ofVirtual().start(() -> collect(process.errorReader()));
  }

  static LaunchedProcess start(
      Path directory, Map<String, String> environment, List<String> command) {
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("FANFARE_"));
    builder.environment().putAll(environment);
    try {
      return new LaunchedProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until a printed line contains the pattern; fails with all output when the process ends
   * first.
   */
  MatchResult awaitLine(String regex, Duration bound) {
    Pattern pattern = Pattern.compile(regex);
    try {
      return Awaitility.await("a line that contains " + regex)
          .atMost(bound)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> find(pattern).or(this::failWhenEnded), Optional::isPresent)
          .orElseThrow();
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          e.getMessage() + "; it said:\n" + output() + "\n" + ThreadDump.of(handle()), e);
    }
  }

  /** Everything printed so far. */
  String output() {
    return String.join("\n", lines);
  }

  long pid() {
    return process.pid();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** {@code kill -9}: the process only, not what it started. */
  void kill() {
    process.destroyForcibly();
    await();
  }

  /** {@code kill -STOP}: it does nothing until it is continued, and nobody is told. */
  void stop() {
    signal("STOP");
  }

  /** {@code kill -CONT}. */
  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      var kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
      if (kill.waitFor() != 0) {
        throw new AssertionError("kill -" + name + " of " + pid() + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** {@code kill -TERM}, then waits for the orderly end. */
  int terminate() {
    process.destroy();
    return await();
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private int await() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new AssertionError("process " + pid() + " did not end within 30 s:\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Optional<MatchResult> find(Pattern pattern) {
    return lines.stream()
        .map(pattern::matcher)
        .filter(matcher -> matcher.find())
        .map(matcher -> matcher.toMatchResult())
        .findFirst();
  }

  private Optional<MatchResult> failWhenEnded() {
    if (!process.isAlive()) {
      throw new AssertionError("it ended with " + process.exitValue() + " and said:\n" + output());
    }
    return Optional.empty();
  }

  private void collect(BufferedReader reader) {
    try {
      reader.lines().forEach(lines::add);
    } catch (UncheckedIOException e) {
      // the process was ended and its output with it
    }
  }
}
