package dev.fanfare.worker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the operating system tells of a process. Blocks. */
final class ProcessFigures {
  /** The most of its descendants told of. */
  private static final int MOST_DESCENDANTS = 50;

  private ProcessFigures() {}

  /**
   * Its id, memory, processor time, and the processes it started: their programs, not their
   * arguments.
   */
  static void read(ProcessHandle process, ObjectNode into) {
    figures(process, into);
    List<ProcessHandle> started = process.descendants().limit(MOST_DESCENDANTS).toList();
    if (!started.isEmpty() && !process.equals(ProcessHandle.current())) {
      ArrayNode told = into.putArray("processes");
      started.forEach(one -> program(one, told.addObject()));
    }
  }

  private static void program(ProcessHandle process, ObjectNode into) {
    figures(process, into);
    process
        .info()
        .command()
        .map(Path::of)
        .map(Path::getFileName)
        .ifPresent(program -> into.put("program", program.toString()));
  }

  private static void figures(ProcessHandle process, ObjectNode into) {
    into.put("pid", process.pid());
    residentBytes(process.pid()).ifPresent(bytes -> into.put("memory", bytes));
    process.info().totalCpuDuration().ifPresent(time -> into.put("cpuSeconds", seconds(time)));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1_000.0;
  }

  /** Where there is /proc; its pages that are in memory, shared ones too. */
  private static OptionalLong residentBytes(long pid) {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      @Nullable String line =
          lines.filter(one -> one.startsWith("VmRSS:")).findFirst().orElse(null);
      return line == null
          ? OptionalLong.empty()
          : OptionalLong.of(1_024 * Long.parseLong(line.replaceAll("\\D", "")));
    } catch (IOException | RuntimeException e) {
      return OptionalLong.empty(); // it has ended, or this system has none
    }
  }
}
