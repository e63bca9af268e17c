package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same function is deployed again and again, changed each time. */
class ManyDeploysIT {
  private static final int WARM = 10;
  private static final int MOST_MORE_FILES = 40;
  private static final int MOST_MORE_THREADS = 40;
  private static final int MOST_MORE_PROCESSES = 5;
  private static final long MOST_MORE_METASPACE = 8 << 20;

  /** A revision is a jar and a manifest of some kilobytes, at the node and at the worker. */
  private static final long MOST_BYTES_A_REVISION = 64 << 10;

  @TempDir Path home;

  /** What a process takes up. */
  private record Footprint(long files, long threads, long processes, long metaspace, long disk) {}

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void sixtyDeploysLeaveTheProcessAsItWas() throws Exception {
    deploys(60, 20);
  }

  @Test
  @Tag("soak")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void fiveHundredDeploysLeaveTheProcessAsItWas() throws Exception {
    deploys(500, 5);
  }

  private void deploys(int count, int deploysPerCall) throws Exception {
    try (var platform = Platform.up(home)) {
      Footprint before = null;
      for (int i = 1; i <= count; i++) {
        deploy(platform, i);
        if (i % deploysPerCall == 0 || i == WARM) {
          assertThat(platform.call("changing", "{}").body().strip()).isEqualTo("" + i);
        }
        if (i == WARM) {
          before = footprint(platform);
        }
      }
      Footprint after = footprint(platform);
      System.out.printf("after %d deploys %s, after %d %s%n", WARM, before, count, after);
      assertThat(after.files - before.files).as("descriptors").isLessThan(MOST_MORE_FILES);
      assertThat(after.threads - before.threads).as("threads").isLessThan(MOST_MORE_THREADS);
      assertThat(after.processes - before.processes)
          .as("processes")
          .isLessThan(MOST_MORE_PROCESSES);
      assertThat(after.metaspace - before.metaspace)
          .as("metaspace")
          .isLessThan(MOST_MORE_METASPACE);
      assertThat(after.disk - before.disk).as("disk").isLessThan(count * MOST_BYTES_A_REVISION);
    }
  }

  private void deploy(Platform platform, int number) throws IOException {
    Path jar =
        TestJar.of(
            home,
            "Changing",
            "public class Changing { @dev.fanfare.function.Fn public int changing() { return %d; } }"
                .formatted(number));
    var request =
        platform
            .request("/v1/functions")
            .header("Content-Type", "application/java-archive")
            .POST(BodyPublishers.ofFile(jar))
            .build();
    var answer = platform.send(request);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
  }

  private Footprint footprint(Platform platform) throws Exception {
    Path process = Path.of("/proc/" + platform.process().pid());
    return new Footprint(
        entries(process.resolve("fd")),
        entries(process.resolve("task")),
        platform.process().handle().descendants().count(),
        metaspace(platform.process().pid()),
        bytes(home.resolve("platform")));
  }

  private static long entries(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.count();
    }
  }

  private static long bytes(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(ManyDeploysIT::counts).mapToLong(ManyDeploysIT::size).sum();
    }
  }

  /** The cache that runtimes start from is made once, a while after the start. */
  private static boolean counts(Path file) {
    return Files.isRegularFile(file) && !file.toString().endsWith(".aot");
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (java.nio.file.NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Used bytes, after a collection. */
  private static long metaspace(long pid) throws Exception {
    jcmd(pid, "GC.run");
    Matcher used = Pattern.compile("Metaspace\\s+used (\\d+)K").matcher(jcmd(pid, "VM.metaspace"));
    assertThat(used.find()).isTrue();
    return Long.parseLong(used.group(1)) << 10;
  }

  private static String jcmd(long pid, String command) throws Exception {
    String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(List.of(tool, Long.toString(pid), command))
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
