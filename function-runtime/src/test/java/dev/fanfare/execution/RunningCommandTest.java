package dev.fanfare.execution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RunningCommandTest {
  @TempDir Path folder;

  @BeforeAll
  static void toolsAreHere() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "/bin/sh is missing");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "setsid (util-linux) is missing");
  }

  @Test
  void bytesGoInAndComeOutAsTheyAre() throws Exception {
    byte[] bytes = new byte[3_000_000];
    new Random(7).nextBytes(bytes);
    try (var command = start("cat")) {
      Thread feeder =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (var in = command.in()) {
                      new ByteArrayInputStream(bytes).transferTo(in);
                    } catch (java.io.IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  });
      assertThat(command.out().readAllBytes()).isEqualTo(bytes);
      assertThat(command.await()).isZero();
      feeder.join();
    }
  }

  @Test
  void outputErrorsAndTheExitCodeAreToldApart() throws Exception {
    try (var command = shell("echo out; echo err >&2; exit 7")) {
      assertThat(text(command.out())).isEqualTo("out\n");
      assertThat(text(command.err())).isEqualTo("err\n");
      assertThat(command.await()).isEqualTo(7);
    }
  }

  @Test
  void theEnvironmentIsWhatItWasGiven() throws Exception {
    try (var command = shell("echo $COLOUR; env | cut -d= -f1 | sort | tr '\\n' ' '")) {
      assertThat(text(command.out())).isEqualTo("red\nCOLOUR FANFARE_COMMAND PATH PWD ");
    }
  }

  @Test
  void aGrandchildThatLeftTheSessionDiesWithTheCommand() throws Exception {
    try (var command =
        shell(
            "sleep 1000 & echo $!; setsid sleep 1000 & echo $!;"
                + " (env -i sleep 1000 & echo $!); (setsid sh -c 'sleep 1000 & echo $!; wait' &)"
                + "; sleep 1000")) {
      List<Long> started = numbers(command.out(), 4);
      assertThat(started).allMatch(RunningCommandTest::runs);
      command.close();
      assertThat(started).noneMatch(RunningCommandTest::runs);
    }
  }

  @Test
  void whatACommandLeavesRunningIsKilledWhenItEnds() throws Exception {
    try (var command = shell("nohup setsid sleep 1000 >/dev/null 2>&1 & echo $!")) {
      List<Long> left = numbers(command.out(), 1);
      assertThat(command.await()).isZero();
      assertThat(left).noneMatch(RunningCommandTest::runs);
    }
  }

  @Test
  void signalsReachTheCommand() throws Exception {
    try (var command =
        shell("trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.1; done")) {
      var out = command.out();
      assertThat(new String(out.readNBytes(6), UTF_8)).isEqualTo("ready\n");
      command.signal(Signal.INT);
      assertThat(text(out)).contains("caught");
      assertThat(command.await()).isEqualTo(9);
    }
    try (var command = start("sleep", "1000")) {
      command.signal(Signal.KILL);
      int code = command.await();
      assertThat(code).isEqualTo(137);
      assertThat(Signal.endedBy(code)).contains("SIGKILL");
    }
  }

  @Test
  void withATerminalTheCommandSeesOneOfTheRightSize() throws Exception {
    try (var command =
        RunningCommand.start(
            command(
                Optional.of(new Screen(91, 33)),
                "sh",
                "-c",
                "test -t 0 && stty size; read line; stty size; echo got $line; tty"))) {
      var in = command.in();
      var out = command.out();
      var shown = new StringBuilder();
      await(out, shown, "33 91");
      command.resize(new Screen(100, 50));
      in.write("hello\n".getBytes(UTF_8));
      in.flush();
      await(out, shown, "got hello");
      await(out, shown, "/dev/pts/");
      assertThat(shown).contains("50 100");
      assertThat(command.await()).isZero();
      assertThat(out.readAllBytes()).isNotNull();
    }
  }

  @Test
  void controlCInATerminalInterruptsTheCommand() throws Exception {
    try (var command =
        RunningCommand.start(
            command(
                Optional.of(new Screen(80, 24)),
                "sh",
                "-c",
                // A dash without a trap forgets an interrupt that comes just as it forks.
                "trap 'exit 42' INT; echo ready; while :; do sleep 0.1; done"))) {
      await(command.out(), new StringBuilder(), "ready");
      command.in().write(3);
      assertThat(command.await()).isEqualTo(42);
    }
  }

  @Test
  void whatCannotBeStartedIsToldInWords() throws Exception {
    assertThatThrownBy(() -> start("no-such-program"))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("there is no program no-such-program")
        .extracting("code")
        .isEqualTo(127);
    Path plain = Files.writeString(folder.resolve("plain"), "text");
    assertThatThrownBy(() -> start(plain.toString()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("may not be executed");
    assertThatThrownBy(
            () ->
                RunningCommand.start(
                    new Command(
                        List.of("true"), Map.of(), Path.of("/no/such/folder"), Optional.empty())))
        .hasMessageContaining("there is no folder /no/such/folder");
  }

  private RunningCommand shell(String line) throws CommandFailed {
    return start("sh", "-c", line);
  }

  private RunningCommand start(String... words) throws CommandFailed {
    return RunningCommand.start(command(Optional.empty(), words));
  }

  private Command command(Optional<Screen> screen, String... words) {
    return new Command(
        List.of(words), Map.of("PATH", Command.USUAL_PATH, "COLOUR", "red"), folder, screen);
  }

  private static String text(InputStream stream) throws Exception {
    return new String(stream.readAllBytes(), UTF_8);
  }

  private static List<Long> numbers(InputStream out, int count) throws Exception {
    var numbers = new ArrayList<Long>();
    var line = new StringBuilder();
    while (numbers.size() < count) {
      int next = out.read();
      if (next == '\n') {
        numbers.add(Long.parseLong(line.toString()));
        line.setLength(0);
      } else {
        assertThat(next).isNotNegative();
        line.append((char) next);
      }
    }
    return numbers;
  }

  private static void await(InputStream out, StringBuilder shown, String text) throws Exception {
    while (shown.indexOf(text) < 0) {
      int next = out.read();
      assertThat(next).as("shown: %s", shown).isNotNegative();
      shown.append((char) next);
    }
  }

  private static boolean runs(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
        && !isZombie(Path.of("/proc/" + pid + "/stat"));
  }

  private static boolean isZombie(Path stat) {
    try {
      String text = Files.readString(stat);
      return text.charAt(text.lastIndexOf(')') + 2) == 'Z';
    } catch (java.io.IOException e) {
      return true;
    }
  }
}
