package dev.fanfare.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were taken on, in one line. */
final class Machine {
  private Machine() {}

  static String describe() {
    return "%s, %d cores, %d GiB, %s %s, Java %s"
        .formatted(
            field("/proc/cpuinfo", "model name"),
            Runtime.getRuntime().availableProcessors(),
            Math.round(
                Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", ""))
                    / 1048576.0),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version());
  }

  /** Resident memory of a process and all its descendants, in bytes. */
  static long resident(ProcessHandle process) {
    return resident(process.pid())
        + process.descendants().mapToLong(child -> resident(child.pid())).sum();
  }

  /** What a JVM's heap holds after a full collection, in bytes. */
  static long heap(long pid) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram").start();
    try (var lines = process.inputReader().lines()) {
      String total = lines.reduce("", (before, line) -> line.isBlank() ? before : line);
      return Long.parseLong(total.strip().split("\\s+", -1)[2]);
    }
  }

  private static long resident(long pid) {
    String kibibytes = field("/proc/" + pid + "/status", "VmRSS").replaceAll("\\D", "");
    return kibibytes.isEmpty() ? 0 : Long.parseLong(kibibytes) * 1024;
  }

  private static String field(String file, String name) {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("0");
    } catch (IOException | java.io.UncheckedIOException e) {
      return "0";
    }
  }
}
