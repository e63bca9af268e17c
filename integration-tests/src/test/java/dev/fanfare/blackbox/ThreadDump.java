package dev.fanfare.blackbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where the threads of another JVM are, virtual ones too, how much processor time it had, and how
 * busy the machine is: what tells one that hangs from one that is slow.
 */
final class ThreadDump {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private ThreadDump() {}

  static String of(ProcessHandle process) {
    return "process %d, alive: %s, processor time %s, load of the machine %s\n%s"
        .formatted(
            process.pid(),
            process.isAlive(),
            process.info().totalCpuDuration().orElse(Duration.ZERO),
            load(),
            threads(process.pid()));
  }

  private static String load() {
    try {
      return Files.readString(Path.of("/proc/loadavg")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String threads(long pid) {
    try {
      Path folder = Files.createTempDirectory("threads");
      Path dump = folder.resolve("dump.txt");
      Path said = folder.resolve("jcmd.txt");
      try {
        Process jcmd = jcmd(pid, dump, said);
        if (!jcmd.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
          jcmd.destroyForcibly().waitFor();
        }
        return Files.exists(dump) ? Files.readString(dump) : Files.readString(said);
      } finally {
        Files.deleteIfExists(dump);
        Files.deleteIfExists(said);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private static Process jcmd(long pid, Path dump, Path said) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    return new ProcessBuilder(
            List.of(jcmd, Long.toString(pid), "Thread.dump_to_file", "-overwrite", dump.toString()))
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();
  }
}
