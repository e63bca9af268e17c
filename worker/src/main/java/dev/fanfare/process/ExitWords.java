package dev.fanfare.process;

import dev.fanfare.hosting.Exit;
import dev.fanfare.hosting.Exit.Cause;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads from an exit code, and what the process said before, why it ended. */
final class ExitWords {
  private static final int OUT_OF_MEMORY_CODE = 3;
  private static final int SIGNALS_FROM = 128;
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15,
          "SIGTERM");

  private ExitWords() {}

  /**
   * @param goodbye what the runtime said last, null if it said nothing
   * @param output the end of what the process wrote past its captured streams
   */
  static Exit of(int code, boolean killed, @Nullable String goodbye, String output) {
    if (killed) {
      return new Exit(Cause.KILLED, "the worker ended it");
    } else if (goodbye != null && !goodbye.equals("exit")) {
      return new Exit(Cause.UNLOADABLE, goodbye);
    } else if (code == OUT_OF_MEMORY_CODE && output.contains("java.lang.OutOfMemoryError")) {
      return new Exit(Cause.OUT_OF_MEMORY, memoryWords(output));
    } else if (goodbye != null) {
      return new Exit(
          Cause.EXITED, "the function called System.exit (exit code " + code + ")", code);
    }
    String signal = SIGNALS.get(code - SIGNALS_FROM);
    String words =
        code > SIGNALS_FROM && code < SIGNALS_FROM + 65
            ? "the function's process was killed by signal "
                + (code - SIGNALS_FROM)
                + (signal == null ? "" : " (" + signal + ")")
            : "the function's process ended by itself with exit code "
                + code
                + " (Runtime.halt, or native code)";
    return new Exit(Cause.CRASHED, output.isEmpty() ? words : words + ": " + lastLines(output));
  }

  private static String memoryWords(String output) {
    int at = output.indexOf("java.lang.OutOfMemoryError");
    String detail = output.substring(at + "java.lang.OutOfMemoryError".length());
    String line = detail.lines().findFirst().orElse("").replaceFirst("^:\\s*", "");
    return "the runtime's memory was not enough"
        + (line.isBlank() ? "" : " (" + line.strip() + ")")
        + ": raise memory in @Fn, or use less";
  }

  private static String lastLines(String output) {
    return output.length() <= 500 ? output : "…" + output.substring(output.length() - 500);
  }
}
