package dev.fanfare.blackbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The launcher script {@code ./fanfare} of this checkout, run with a home folder of the test's own.
 */
record Launcher(Path home) {

  /** What a finished command left behind. */
  record Finished(int exit, String out, String err) {}

  /** Runs a command to its end, at most two minutes. */
  Finished run(String... arguments) {
    return runWithInput("", arguments);
  }

  /** Runs a line of shell in the checkout's root. */
  Finished runFromRoot(String line) {
    return finish("", new ProcessBuilder("sh", "-c", line).directory(root().toFile()), line);
  }

  Finished runWithInput(String input, String... arguments) {
    var builder = new ProcessBuilder(command(arguments)).directory(home.toFile());
    return finish(input, builder, "fanfare " + String.join(" ", arguments));
  }

  private Finished finish(String input, ProcessBuilder builder, String what) {
    try {
      builder.environment().keySet().removeIf(name -> name.startsWith("FANFARE_"));
      builder.environment().putAll(environment());
      Process process = builder.start();
      var out = read(process.getInputStream());
      var err = read(process.getErrorStream());
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("no end within 120 s: " + what);
      }
      return new Finished(process.exitValue(), out.join(), err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts a command that stays. */
  LaunchedProcess start(String... arguments) {
    return LaunchedProcess.start(home, environment(), command(arguments));
  }

  /** The same, with more in its environment. */
  LaunchedProcess startIn(Map<String, String> more, String... arguments) {
    var environment = new HashMap<>(environment());
    environment.putAll(more);
    return LaunchedProcess.start(home, environment, command(arguments));
  }

  /** The same, in a JVM with these options. */
  LaunchedProcess startWithJavaOptions(String options, String... arguments) {
    var environment = new HashMap<>(environment());
    environment.merge("FANFARE_JAVA_OPTS", options, (usual, more) -> usual + " " + more);
    return LaunchedProcess.start(home, environment, command(arguments));
  }

  /** The same by way of another command, with more variables. */
  LaunchedProcess startInside(
      List<String> prefix, Map<String, String> variables, String... arguments) {
    var environment = new HashMap<>(environment());
    environment.putAll(variables);
    var command = new ArrayList<>(prefix);
    command.addAll(command(arguments));
    return LaunchedProcess.start(home, environment, command);
  }

  /** The checkout's root: the nearest folder above that has the launcher. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(folder.resolve("fanfare"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  private static List<String> command(String... arguments) {
    var command = new ArrayList<String>();
    command.add(root().resolve("fanfare").toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private Map<String, String> environment() {
    return Map.of(
        "HOME", home.toString(),
        "XDG_CONFIG_HOME", home.resolve("config").toString(),
        "XDG_DATA_HOME", home.resolve("data").toString(),
        "FANFARE_JAVA_OPTS", System.getProperty("platform.jvm", ""),
        // A Java for images is linked once for this build; the tests of images have done it.
        "XDG_CACHE_HOME", root().resolve("cli/target/cache").toString());
  }

  private static CompletableFuture<String> read(java.io.InputStream stream) {
    var text = new CompletableFuture<String>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.completeExceptionally(e);
              }
            });
    return text;
  }
}
