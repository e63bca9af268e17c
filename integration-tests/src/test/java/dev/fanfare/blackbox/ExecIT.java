package dev.fanfare.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fanfare.client.ExecOptions;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.RemoteCommand;
import dev.fanfare.function.ChannelFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
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
  }

  @Test
  void manyBytesGoThroughAsTheyAre() throws Exception {
    byte[] bytes = new byte[20_000_000];
    new Random(11).nextBytes(bytes);
    try (RemoteCommand cat = fanfare.worker(HERE).exec("cat")) {
      CompletableFuture<Void> fed =
          CompletableFuture.runAsync(
              () -> {
                try (var in = cat.in()) {
                  in.write(bytes);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThat(cat.out().readAllBytes()).isEqualTo(bytes);
      assertThat(cat.await().code()).isZero();
      fed.join();
    }
  }

  @Test
  void hundredsInARowLeaveNothingBehind() throws Exception {
    for (int i = 0; i < 300; i++) {
      try (RemoteCommand command = fanfare.worker(HERE).exec("true")) {
        assertThat(command.await().code()).isZero();
      }
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> Platform.json(platform.get("/v1/workers")).at("/workers/0/running").asInt() == 0);
  }

  @Test
  void aCommandThatIsKilledIsToldOfAndTheNextOneWorks() throws Exception {
    var ran = platform.cli().run("exec", "--on", HERE, "--", "sh", "-c", "kill -KILL $$");
    assertThat(ran.exit()).isEqualTo(137);
    assertThat(ran.err()).contains("SIGKILL");
    assertThat(platform.cli().run("exec", "true").exit()).isZero();
  }

  @Test
  void whenTheClientGoesNoProcessIsLeft() throws Exception {
    String mark = UUID.randomUUID().toString();
    RemoteCommand command =
        fanfare
            .worker(HERE)
            .exec("sh", "-c", "setsid sh -c 'sleep 1000; echo " + mark + "' & echo on; wait");
    assertThat(new String(command.out().readNBytes(3), UTF_8)).isEqualTo("on\n");
    assertThat(running(mark)).isTrue();

    command.close();

    await().atMost(Duration.ofSeconds(30)).until(() -> !running(mark));
  }

  @Test
  void aKilledCommandLineLeavesNoProcess() {
    String mark = UUID.randomUUID().toString();
    LaunchedProcess command =
        platform.cli().start("exec", "--", "sh", "-c", "echo started; sleep 1000; echo " + mark);
    command.awaitLine("started", Duration.ofSeconds(60));
    assertThat(running(mark)).isTrue();

    command.close();

    await().atMost(Duration.ofSeconds(30)).until(() -> !running(mark));
  }

  @Test
  void aSignalReachesTheCommandAndATimeoutKillsIt() throws Exception {
    try (RemoteCommand command =
        fanfare
            .worker(HERE)
            .exec("sh", "-c", "trap 'exit 5' INT; echo on; while :; do sleep 0.1; done")) {
      assertThat(new String(command.out().readNBytes(3), UTF_8)).isEqualTo("on\n");
      command.signal("INT");
      assertThat(command.await().code()).isEqualTo(5);
    }
    String mark = UUID.randomUUID().toString();
    try (RemoteCommand command =
        fanfare
            .worker(HERE)
            .exec(
                ExecOptions.NONE.withTimeout(Duration.ofSeconds(1)),
                "sh",
                "-c",
                "sleep 1000; echo " + mark)) {
      assertThatThrownBy(command::await)
          .isInstanceOf(ChannelFailed.class)
          .hasMessageContaining("timeout");
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> !running(mark));
  }

  @Test
  void aTerminalHasTheSizeThatWasAskedFor() throws Exception {
    try (RemoteCommand command =
        fanfare
            .worker(HERE)
            .exec(
                ExecOptions.NONE.withTerminal(77, 22),
                "sh",
                "-c",
                "test -t 0 && test -t 2 && stty size")) {
      assertThat(new String(command.out().readAllBytes(), UTF_8)).isEqualTo("22 77\r\n");
      assertThat(command.await().code()).isZero();
    }
  }

  @Test
  void onAllWorkersEveryLineSaysWhoseItIs() {
    var ran = platform.cli().run("exec", "--all", "--", "echo", "here");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).isEqualTo("local | here\n");
  }

  @Test
  void whatCannotRunIsToldInWords() {
    var missing = platform.cli().run("exec", "--", "no-such-program");
    assertThat(missing.exit()).isEqualTo(127);
    assertThat(missing.err()).contains("there is no program no-such-program");
    var nowhere = platform.cli().run("exec", "--on", "mars", "--", "true");
    assertThat(nowhere.exit()).isEqualTo(3);
    assertThat(nowhere.err()).contains("mars");
  }

  /** Whether any process has the text in its command line. */
  private static boolean running(String mark) {
    return ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").contains(mark));
  }
}
