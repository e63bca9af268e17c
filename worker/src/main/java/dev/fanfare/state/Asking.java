package dev.fanfare.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks programs of this machine for their versions. */
final class Asking {
  /** What a program that is asked may take, and what is read of its answer. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_CHARACTERS = 100;

  private Asking() {}

  /**
   * The first group of the first match in what the command says, or the whole match; {@value
   * Finding#MISSING} where there is no such program or match.
   */
  static String version(List<String> command, Pattern match) {
    Matcher matcher = match.matcher(answer(command));
    if (!matcher.find()) {
      return Finding.MISSING;
    }
    String version = matcher.group(Math.min(1, matcher.groupCount()));
    return version == null || version.isBlank() ? Finding.MISSING : shortened(version.strip());
  }

  private static String shortened(String text) {
    return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text;
  }

  /** All that it writes; nothing of one that cannot be started or takes too long. */
  private static String answer(List<String> command) {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return "";
    }
    try (InputStream out = process.getInputStream()) {
      process.getOutputStream().close();
      Thread late =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                        process.destroyForcibly();
                      }
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      byte[] answer = out.readNBytes(MOST_BYTES);
      late.interrupt();
      return process.isAlive() && !process.waitFor(1, TimeUnit.SECONDS)
          ? ""
          : new String(answer, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    } finally {
      process.destroyForcibly();
    }
  }
}
