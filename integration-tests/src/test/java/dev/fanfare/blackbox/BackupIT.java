package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node is saved while it works, and comes back on another folder. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BackupIT {
  @TempDir Path home;

  @Test
  void whatWasAcceptedBeforeTheBackupIsDoneAfterTheRestore() {
    var function = new CountingFunction(home.resolve("executions"));
    Path file = home.resolve("saved.zip");
    Path folder = home.resolve("platform");
    Path moved = home.resolve("elsewhere");
    String waiting;
    try (var platform = Platform.up(home, "--no-worker")) {
      platform.deploy(function.jar(home));
      var answer = platform.submit("count", CountingFunction.body(21, 0)).join();
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      waiting = Platform.json(answer).get("id").asText();

      var saved = platform.cli().run("backup", file.toString());
      assertThat(saved.exit()).as(saved.err()).isZero();
      var again = platform.cli().run("backup", file.toString());
      assertThat(again.exit()).as(again.err()).isEqualTo(2);
    }
    var occupied = new Launcher(home).run("restore", file.toString(), "--data", folder.toString());
    assertThat(occupied.exit()).as(occupied.err()).isEqualTo(3);
    var restored = new Launcher(home).run("restore", file.toString(), "--data", moved.toString());
    assertThat(restored.exit()).as(restored.err()).isZero();

    try (var platform = Platform.up(home, "--data", moved.toString())) {
      Awaitility.await("the end of what had been accepted")
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> Platform.json(platform.get("/invocations/" + waiting)).hasNonNull("endedAt"));
      assertThat(platform.get("/invocations/" + waiting + "/result").body().strip())
          .isEqualTo("42");
    }
  }
}
