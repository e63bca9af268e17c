package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers join from elsewhere, share the work, and may die. */
class WorkersIT {
  @TempDir Path home;

  @Test
  void workRunsOnTheEmbeddedWorkerAndOnOneThatJoined() {
    try (var platform = Platform.up(home)) {
      platform.deploy(TroublesomeFunctions.jar(home));
      try (var joined = Workers.start(platform, Workers.joinToken(platform), "joined")) {
        Workers.awaitCount(platform, 2);

        Set<String> served = ConcurrentHashMap.newKeySet();
        var calls =
            IntStream.range(0, 40)
                .mapToObj(i -> platform.callAsync("slow", "{\"millis\": 100}"))
                .toList();
        calls.forEach(
            call -> served.add(call.join().headers().firstValue("X-Worker").orElse("none")));

        assertThat(served).hasSize(2).contains("joined");
        assertThat(joined.terminate()).as(joined.output()).isIn(0, 143);
        Workers.awaitCount(platform, 1);
      }
    }
  }

  @Test
  void aFunctionHasAsManyRuntimesAsItSays() {
    try (var platform = Platform.up(home)) {
      String source =
          """
          import dev.fanfare.function.Fn;

          public class Scaled {
            @Fn(min = 1) public long kept() { return ProcessHandle.current().pid(); }
            @Fn(max = 1) public long single() throws InterruptedException {
              Thread.sleep(100); return ProcessHandle.current().pid();
            }
            @Fn public long shared() throws InterruptedException {
              Thread.sleep(100); return ProcessHandle.current().pid();
            }
          }
          """;
      platform.deploy(TestJar.of(home, "Scaled", source));
      Awaitility.await("a runtime for the function that keeps one, though nobody called it")
          .atMost(Duration.ofSeconds(60))
          .until(() -> Metrics.of(platform).sum("fanfare_worker_runtimes") >= 1);
      try (var joined = Workers.start(platform, Workers.joinToken(platform), "joined")) {
        Workers.awaitCount(platform, 2);

        assertThat(servedBy(platform, "single")).as("processes that ran it").hasSize(1);
        assertThat(servedBy(platform, "shared")).as("processes that ran it").hasSizeGreaterThan(1);
        assertThat(joined.terminate()).as(joined.output()).isIn(0, 143);
      }
    }
  }

  private static Set<String> servedBy(Platform platform, String function) {
    var calls = IntStream.range(0, 12).mapToObj(i -> platform.callAsync(function, "{}")).toList();
    return calls.stream().map(call -> call.join().body()).collect(Collectors.toSet());
  }

  @Test
  void aWorkerKilledInMidRunLosesItsWorkToAnother() {
    try (var platform = Platform.up(home, "--no-worker")) {
      platform.deploy(TroublesomeFunctions.jar(home));
      String token = Workers.joinToken(platform);
      try (var doomed = Workers.start(platform, token, "doomed")) {
        Workers.awaitCount(platform, 1);
        var call = platform.callAsync("slow", "{\"millis\": 3000}");
        Awaitility.await("the call runs")
            .atMost(Duration.ofSeconds(20))
            .until(() -> Metrics.of(platform).sum("fanfare_invocations_running") == 1);
        try (var heir = Workers.start(platform, token, "heir")) {
          Workers.awaitCount(platform, 2);
          doomed.kill();

          var answer = call.join();

          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
          assertThat(answer.headers().firstValue("X-Worker")).contains("heir");
          assertThat(answer.headers().firstValue("X-Attempt")).contains("2");
        }
      }
    }
  }

  @Test
  void aWorkerWhoseCredentialIsNoLongerGoodJoinsWithItsToken() throws IOException {
    Path credential = home.resolve("worker-returning/credential");
    Files.createDirectories(credential.getParent());
    Files.writeString(credential, "ff_of_another_platform");
    try (var platform = Platform.up(home, "--no-worker")) {
      try (var returning = Workers.start(platform, Workers.joinToken(platform), "returning")) {
        returning.awaitLine("ready returning at", Duration.ofSeconds(30));
      }
      assertThat(credential).content().startsWith("ff_").isNotEqualTo("ff_of_another_platform");
    }
  }

  @Test
  void aWrongTokenIsRefusedInWords() {
    try (var platform = Platform.up(home)) {
      var refused = Workers.start(platform, "ff_wrong_token", "stranger");
      try (refused) {
        refused.awaitLine("(?i)(token|key|credential)", Duration.ofSeconds(20));
      }
      assertThat(Workers.count(platform)).isEqualTo(1);
    }
  }
}
