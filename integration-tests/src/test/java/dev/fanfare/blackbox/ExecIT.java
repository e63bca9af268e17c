package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fanfare.client.ExecOptions;
import dev.fanfare.client.Executed;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.FunctionFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a worker: their streams, their ends, and what is left of them. */
@Timeout(180)
class ExecIT {
  private static final String HERE = "local";
  @TempDir static Path home;
  private static Platform platform;
  private static Fanfare fanfare;

  @BeforeAll
  static void start() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "setsid (util-linux) is missing");
    platform = Platform.up(home, "--allow-exec");
    fanfare = Fanfare.connect(platform.url(), platform.key());
  }

  @AfterAll
  static void stop() {
    if (fanfare != null) {
      fanfare.close();
      platform.close();
    }
  }

  @Test
  void streamsAndExitCodeAreTheCommandsOwn() {
    var ran =
        platform
            .cli()
            .runWithInput(
                "in\n",
                "exec",
                "--",
                "sh",
                "-c",
                "cat; echo err >&2; echo $0 $1; exit 7",
                "-x",
                "$HOME");
    assertThat(ran.exit()).as(ran.err()).isEqualTo(7);
    assertThat(ran.out()).isEqualTo("in\n-x $HOME\n");
    assertThat(ran.err()).isEqualTo("err\n");
    var all = platform.cli().run("exec", "--all", "--", "echo", "here");
    assertThat(all.exit()).as(all.err()).isZero();
    assertThat(all.out()).isEqualTo("local | here\n");
  }

  @Test
  void manyBytesGoThroughAsTheyAre() {
    byte[] bytes = new byte[20_000_000];
    new Random(11).nextBytes(bytes);
    Executed cat = fanfare.worker(HERE).exec(ExecOptions.NONE.withInput(bytes), "cat");
    assertThat(cat.code()).isZero();
    assertThat(cat.out()).isEqualTo(bytes);
    assertThat(cat.err()).isEmpty();
  }

  @Test
  void hundredsInARowWorkAndAKilledOneIsToldOf() {
    for (int i = 0; i < 200; i++) {
      assertThat(fanfare.worker(HERE).exec("true").code()).isZero();
    }
    Executed killed = fanfare.worker(HERE).exec("sh", "-c", "kill -KILL $$");
    assertThat(killed.code()).isEqualTo(137);
    assertThat(killed.words()).isEqualTo("SIGKILL");
    assertThat(fanfare.worker(HERE).exec("echo", "next").text()).isEqualTo("next\n");
  }

  @Test
  void whenTheClientGoesNoProcessIsLeft() {
    String mark = UUID.randomUUID().toString();
    LaunchedProcess command =
        platform
            .cli()
            .start("exec", "--", "sh", "-c", "setsid sh -c 'sleep 1000; echo " + mark + "' & wait");
    await().atMost(Duration.ofSeconds(60)).until(() -> running("sleep 1000; echo " + mark));

    command.close();

    await().atMost(Duration.ofSeconds(60)).until(() -> !running(mark));
  }

  @Test
  void aTimeoutKillsTheCommand() {
    String mark = UUID.randomUUID().toString();
    var limited = ExecOptions.NONE.withTimeout(Duration.ofSeconds(1));
    assertThatThrownBy(
            () -> fanfare.worker(HERE).exec(limited, "sh", "-c", "sleep 1000; echo " + mark))
        .isInstanceOf(FunctionFailed.class)
        .hasMessageContaining("timed-out");
    await().atMost(Duration.ofSeconds(30)).until(() -> !running(mark));
  }

  @Test
  void whatCannotRunIsToldInWords() {
    var missing = platform.cli().run("exec", "--", "no-such-program");
    assertThat(missing.exit()).isEqualTo(127);
    assertThat(missing.err()).contains("there is no program no-such-program");
    var nowhere = platform.cli().run("exec", "--on", "mars", "--", "true");
    assertThat(nowhere.exit()).isEqualTo(3);
    assertThat(nowhere.err()).contains("mars");
    try (Platform strict = Platform.up(home.resolve("strict"))) {
      var refused = strict.cli().run("exec", "--", "true");
      assertThat(refused.exit()).isEqualTo(3);
      assertThat(refused.err()).contains("--allow-exec");
      assertThat(strict.cli().run("exec", "--all", "--", "true").err())
          .contains("local: refused: it was started without --allow-exec");
    }
  }

  /** Whether any process has the text in its command line. */
  private static boolean running(String text) {
    return ProcessHandle.allProcesses()
        .anyMatch(
            process ->
                process.info().command().filter(file -> file.endsWith("sh")).isPresent()
                    && process.info().commandLine().filter(line -> line.contains(text)).isPresent()
                    && !process.info().commandLine().orElse("").contains("fanfare"));
  }
}
