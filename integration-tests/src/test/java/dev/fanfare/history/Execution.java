package dev.fanfare.history;

/**
 * One line of what functions did: an attempt that really began.
 *
 * @param process names the runtime
 * @param line its place among that runtime's lines, from 0
 */
public record Execution(
    String process, int line, String id, String token, int attempt, long fence, long at) {

  /** Reads a line of the form {@code id token attempt fence micros}. */
  static Execution parse(String process, int number, String line) {
    String[] parts = line.split(" ", -1);
    return new Execution(
        process,
        number,
        parts[0],
        parts[1],
        Integer.parseInt(parts[2]),
        Long.parseLong(parts[3]),
        Long.parseLong(parts[4]));
  }
}
