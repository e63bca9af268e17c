package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs in other languages as functions. */
@Timeout(180)
class ProgramIT {
  @TempDir static Path home;
  private static Platform platform;

  @BeforeAll
  static void start() {
    assumeTrue(found("setsid"), "setsid (util-linux) is missing");
    platform = Platform.up(home);
  }

  @AfterAll
  static void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  @Test
  void theExamplesRunAPythonAndAShellProgram() {
    assumeTrue(found("python3"), "python3 is missing");
    platform.deploy(Launcher.root().resolve("examples/programs"));

    var sorted = platform.cli().runWithInput("b\na\n", "invoke", "sort-lines", "--file", "-");
    assertThat(sorted.out()).as(sorted.err()).isEqualTo("a\nb\n");
    var nothing = platform.call("sort-lines", "");
    assertThat(nothing.statusCode()).isEqualTo(422);
    assertThat(nothing.body()).contains("there is nothing to sort");
    for (int i = 0; i < 20; i++) {
      assertThat(platform.call("letters", "\"Abba\"").body()).isEqualTo("{\"a\":2,\"b\":2}");
    }
    var refused = platform.call("letters", "7");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("write a text");
    var again = platform.cli().run("deploy", Launcher.root() + "/examples/programs");
    assertThat(again.err()).contains("unchanged");
  }

  @Test
  void aProgramThatFailsIsAFaultWithTheEndOfItsErrors() throws Exception {
    deploy("fails", "\"command\": [\"sh\", \"-c\", \"echo one >&2; echo two >&2; exit 3\"]");

    var failed = platform.call("fails", "");

    assertThat(failed.statusCode()).isEqualTo(500);
    var error = Platform.json(failed).path("error");
    assertThat(error.path("message").asText()).isEqualTo("exit code 3: two");
    assertThat(error.path("stack").asText()).isEqualTo("one\ntwo");
    String id = failed.headers().firstValue("X-Invocation-Id").orElseThrow();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> platform.get("/invocations/" + id + "/logs").body().contains("two"));
  }

  @Test
  void aTimeoutKillsAProgramWithItsChildren() throws Exception {
    String mark = UUID.randomUUID().toString();
    deploy(
        "slow",
        "\"command\": [\"sh\", \"-c\", \"setsid sh -c 'sleep 1000; echo %s' & sleep 1000\"], \"timeout\": \"2s\""
            .formatted(mark));

    var slow = platform.call("slow", "");

    assertThat(slow.statusCode()).isEqualTo(504);
    await().atMost(Duration.ofSeconds(30)).until(() -> !running(mark));
  }

  @Test
  void aServingProgramThatEndsIsReplaced() throws Exception {
    Path folder = folder("mortal", MORTAL);
    Files.writeString(
        folder.resolve("mortal.sh"),
        """
        #!/bin/sh
        while read line; do
          call=$(echo "$line" | tr -dc '0-9,' | cut -d, -f1)
          echo "call $call" >&2
          case $line in *die*) echo dying >&2; exit 4;; esac
          echo '{"call":"'$call'","result":"ok"}'
        done
        """);
    platform.deploy(folder);

    assertThat(platform.call("mortal", "1").body()).isEqualTo("ok");
    var died = platform.call("mortal", "\"die\"");
    assertThat(died.statusCode()).isEqualTo(500);
    assertThat(died.body()).contains("exit code 4").contains("dying");
    assertThat(platform.call("mortal", "2").body()).isEqualTo("ok");
  }

  @Test
  void aFolderThatCannotBeDeployedIsToldWhy() throws Exception {
    Path empty = Files.createDirectories(home.resolve("empty"));
    assertThat(platform.cli().run("deploy", empty.toString()).err())
        .contains("has no fanfare.json");
    Path wrong = folder("wrong", "{\"functions\": {\"a\": {\"comand\": [\"x\"]}}}");
    assertThat(platform.cli().run("deploy", wrong.toString()).err())
        .contains("function 'a': there is no 'comand'");
    deploy("absent", "\"command\": [\"no-such-program\"]");
    assertThat(platform.call("absent", "").body()).contains("there is no program no-such-program");
  }

  private static void deploy(String name, String fields) throws Exception {
    platform.deploy(folder(name, "{\"functions\": {\"" + name + "\": {" + fields + "}}}"));
  }

  private static final String MORTAL =
      "{\"functions\": {\"mortal\": {\"mode\": \"serve\", \"command\": [\"./mortal.sh\"]}}}";

  private static Path folder(String name, String manifest) throws Exception {
    Path folder = Files.createDirectories(home.resolve(name));
    Files.writeString(folder.resolve("fanfare.json"), manifest);
    return folder;
  }

  private static boolean found(String program) {
    return Stream.of("/usr/bin", "/bin", "/usr/local/bin")
        .anyMatch(folder -> new File(folder, program).canExecute());
  }

  private static boolean running(String mark) {
    return ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").contains(mark));
  }
}
