package dev.fanfare.image;

import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a program wrote and how it ended.
 *
 * @param text both streams
 */
record Output(int exitValue, String text) {

  /** Runs it to its end. */
  static Output of(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Output(process.waitFor(), text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.interrupted();
    } finally {
      process.destroyForcibly();
    }
  }
}
