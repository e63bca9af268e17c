package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts everything. */
@Timeout(150)
class LauncherIT {
  @Test
  void whoReadsACommandsOutputDoesNotWaitForWhatMakesTheNextOneFaster(@TempDir Path home)
      throws IOException {
    Path made = Launcher.root().resolve("cli/target/dist");
    Path own = Files.createDirectories(home.resolve("dist"));
    Files.createSymbolicLink(own.resolve("lib"), made.resolve("lib"));
    Files.createDirectories(own.resolve("bin"));
    Files.copy(made.resolve("bin/fanfare"), own.resolve("bin/fanfare"));

    var finished = new Launcher(home).runFromRoot("x=$(%s/bin/fanfare --version)".formatted(own));

    assertThat(finished.exit()).as(finished.err()).isZero();
    assertThat(caches(own)).as("made when the command was over").isEmpty();
    await().atMost(Duration.ofMinutes(2)).until(() -> caches(own).size() == 1 && isIdle(own));
  }

  private static List<Path> caches(Path dist) throws IOException {
    return files(dist.resolve("aot"), ".aot");
  }

  private static boolean isIdle(Path dist) throws IOException {
    return files(dist.resolve("aot"), ".lock").isEmpty();
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }
}
