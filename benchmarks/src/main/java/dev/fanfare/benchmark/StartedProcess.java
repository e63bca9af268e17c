package dev.fanfare.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that a benchmark started, known by the line in which it says that it is ready. */
record StartedProcess(Process process, Matcher ready, Duration startUp) implements AutoCloseable {

  static StartedProcess start(
      List<String> command, Map<String, String> environment, String readyRegex) throws IOException {
    long began = System.nanoTime();
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    Process process = builder.start();
    BufferedReader lines = process.inputReader();
    Pattern pattern = Pattern.compile(readyRegex);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        Thread.ofVirtual().start(() -> lines.lines().forEach(ignored -> {}));
        return new StartedProcess(process, matcher, Duration.ofNanos(System.nanoTime() - began));
      }
    }
    throw new IllegalStateException("it ended before it was ready: " + String.join(" ", command));
  }

  /** Starts a main class of this program's own class path. */
  static StartedProcess java(Class<?> main, String readyRegex, String... arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return start(command, Map.of(), readyRegex);
  }

  static Path checkout() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (java.nio.file.Files.isExecutable(folder.resolve("fanfare"))) {
        return folder;
      }
    }
    throw new IllegalStateException("run this in a checkout: no launcher in or above the folder");
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
