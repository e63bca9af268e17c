package dev.fanfare.client;

import java.nio.charset.StandardCharsets;

/**
 * A command that ran on a worker to its end.
 *
 * @param code its exit code; 128 and its number for a signal
 * @param words the signal's name, for example {@code SIGKILL}, or why the command could not be
 *     started; else empty
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record Executed(int code, String words, byte[] out, byte[] err) {

  /** Its standard output as UTF-8. */
  public String text() {
    return new String(out, StandardCharsets.UTF_8);
  }
}
