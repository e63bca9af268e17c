package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers on a machine that ssh reaches; the machine is this one, behind a sshd of the test's. */
@Timeout(240)
class SshIT {
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final String NOISE = "echo what a login script prints";

  @TempDir Path home;

  @Test
  void aWorkerRunsThereAndDiesWithItsConnectionAndComesBack() throws Exception {
    try (var server = SshServer.start(home, NOISE);
        var platform = Platform.up(home, "--no-worker")) {
      platform.deploy(TroublesomeFunctions.jar(home));
      Path far = home.resolve("far");
      try (var worker = worker(platform, server.options(), "--ssh-folder", far.toString())) {
        worker.awaitLine("sent \\d+ files", BOUND);
        worker.awaitLine("ready there at", BOUND);
        assertThat(platform.call("slow", "{\"millis\": 1}").headers().firstValue("X-Worker"))
            .contains("there");
        assertThat(platform.get("/v1/workers/there").body()).contains("\"way\":\"ssh\"");
        assertThat(secretsIn(far)).isEmpty();
        assertThat(SshServer.processesOf(far)).isNotEmpty();

        var call = Platform.json(platform.submit("slow", "{\"millis\": 2000}").join()).get("id");
        Awaitility.await("the call runs")
            .atMost(BOUND)
            .until(() -> Metrics.of(platform).sum("fanfare_invocations_running") == 1);
        connections(worker).forEach(ProcessHandle::destroyForcibly);

        worker.awaitLine("worker there is lost", BOUND);
        worker.awaitLine("has everything, nothing is sent", BOUND);
        String self = "/invocations/" + call.asText();
        Awaitility.await("another attempt succeeds")
            .atMost(BOUND)
            .until(() -> platform.get(self).body(), body -> body.contains("SUCCEEDED"));
        assertThat(Platform.json(platform.get(self)).get("losses").asInt()).isEqualTo(1);
        assertThat(worker.terminate()).as(worker.output()).isIn(0, 143);
      }
      SshServer.awaitNoProcessOf(far);
      try (var left = Files.list(far)) {
        assertThat(left.map(file -> file.getFileName().toString().replaceAll("-.*", "")))
            .containsExactlyInAnyOrder("dist", "jars", "workers");
      }
    }
  }

  @Test
  void aMachineWithoutJavaIsSentARuntime() throws Exception {
    try (var server = SshServer.start(home, NOISE);
        var platform = Platform.up(home, "--no-worker")) {
      platform.deploy(TroublesomeFunctions.jar(home));
      Path far = home.resolve("far");
      try (var worker =
          worker(
              platform, server.options(), "--ssh-folder", far.toString(), "--ssh-java", "send")) {
        worker.awaitLine("making a runtime", BOUND);
        worker.awaitLine("ready there at", Duration.ofSeconds(150));

        assertThat(platform.call("slow", "{\"millis\": 1}").headers().firstValue("X-Worker"))
            .contains("there");

        assertThat(SshServer.processesOf(far)).allMatch(line -> line.contains(far + "/java-"));
      }
      SshServer.awaitNoProcessOf(far);
    }
  }

  @Test
  void whatIsAmissThereIsSaidInWords() throws Exception {
    try (var platform = Platform.up(home, "--no-worker")) {
      try (var server = SshServer.start(home, NOISE)) {
        assertThat(failure(platform, server.optionsOfAStranger())).contains("Permission denied");
        assertThat(failure(platform, server.options(), "--ssh-folder", "/proc/nowhere"))
            .contains("/proc/nowhere cannot be written");
        assertThat(failure(platform, server.options(), "--ssh-java", "/nowhere/java"))
            .contains("no executable /nowhere/java");
      }
      Path bin = Files.createDirectories(home.resolve("bin"));
      Files.createSymbolicLink(bin.resolve("sh"), Path.of("/bin/sh"));
      try (var server = SshServer.start(home, "PATH=" + bin + "; export PATH")) {
        assertThat(failure(platform, server.options())).contains("it has no 'uname'");
      }
      assertThat(failure(platform, List.of("--ssh", "127.0.0.1", "--ssh-option", "Port=1")))
          .contains("ssh cannot connect");
    }
  }

  private static String failure(Platform platform, List<String> ssh, String... more) {
    try (var worker = worker(platform, ssh, more)) {
      Awaitility.await("it gives up").atMost(BOUND).until(() -> !worker.handle().isAlive());
      Awaitility.await("it says why").atMost(BOUND).until(() -> !worker.output().isEmpty());
      return worker.output();
    }
  }

  private static LaunchedProcess worker(Platform platform, List<String> ssh, String... more) {
    var arguments = new ArrayList<>(ssh);
    arguments.addAll(List.of(more));
    return Workers.start(
        platform, Workers.joinToken(platform), "there", arguments.toArray(String[]::new));
  }

  private static List<ProcessHandle> connections(LaunchedProcess worker) {
    return worker
        .handle()
        .descendants()
        .filter(child -> child.info().command().orElse("").endsWith("/ssh"))
        .toList();
  }

  /** Files that hold a key of the platform. */
  private static List<Path> secretsIn(Path folder) throws IOException {
    try (var files = Files.walk(folder.resolve("workers"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> content(file).contains("ff_"))
          .toList();
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
