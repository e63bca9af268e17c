package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Roles whose clocks are an hour off, and a node whose clock jumps between two starts. Under a
 * false clock a process waits actively, so these would slow all that runs beside them.
 */
@Tag("soak")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ClockJumpIT {
  private static final List<Path> LIBRARIES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
          Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"));

  @TempDir Path home;
  private Launcher launcher;

  @BeforeEach
  void needsFaketime() {
    assumeTrue(LIBRARIES.stream().anyMatch(Files::exists), "libfaketime is not installed");
    launcher = new Launcher(home);
  }

  @Test
  void aWorkerAnHourAheadAndOneAnHourBehindServeAsAnyOther() {
    try (var platform = Platform.up(home, "--no-worker")) {
      platform.deploy(TroublesomeFunctions.jar(home));
      String token = Workers.joinToken(platform);
      try (var ahead = worker(platform, token, "ahead", "+1h");
          var behind = worker(platform, token, "behind", "-1h")) {
        Workers.awaitCount(platform, 2);
        Set<String> served = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 30; i++) {
          var answer = platform.call("slow", "{\"millis\": 20}");
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
          served.add(answer.headers().firstValue("X-Worker").orElse("none"));
        }
        var calls = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 12; i++) {
          calls.add(
              platform
                  .callAsync("slow", "{\"millis\": 300}")
                  .thenAccept(a -> served.add(a.headers().firstValue("X-Worker").orElse("none"))));
        }
        calls.forEach(CompletableFuture::join);
        assertThat(served).contains("ahead", "behind");
        assertThat(ahead.handle().isAlive() && behind.handle().isAlive()).isTrue();
      }
    }
  }

  @Test
  void aNodeWhoseClockJumpsAnHourEitherWayKeepsWhatItAccepted() {
    String waiting;
    try (var platform = up("+1h")) {
      platform.deploy(TroublesomeFunctions.jar(home));
      waiting = submit(platform, "slow?delay=PT1S");
      platform.process().kill();
    }
    String later;
    try (var platform = up("-1h")) {
      Instant told = Instant.parse(record(platform, waiting).get("submittedAt").asText());
      assertThat(told).as("the first clock").isAfter(Instant.now().plus(Duration.ofMinutes(50)));
      later = submit(platform, "slow");
      awaitEnd(platform, later);
      platform.process().kill();
    }
    try (var platform = up("+2h")) {
      awaitEnd(platform, waiting);
      awaitEnd(platform, later);
      assertThat(platform.call("fine", "\"now\"").statusCode()).isEqualTo(200);
    }
  }

  private Platform up(String offset) {
    return Platform.ready(
        launcher,
        launcher.startIn(
            clock(offset), "up", "--port", "0", "--data", home.resolve("platform").toString()));
  }

  private LaunchedProcess worker(Platform platform, String token, String name, String offset) {
    String data = home.resolve("worker-" + name).toString();
    return launcher.startIn(
        clock(offset),
        "worker",
        "--gateway",
        platform.url().toString(),
        "--token",
        token,
        "--name",
        name,
        "--slots",
        "2",
        "--data",
        data);
  }

  private static Map<String, String> clock(String offset) {
    Path library = LIBRARIES.stream().filter(Files::exists).findFirst().orElseThrow();
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "FAKETIME",
        offset,
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        "DONT_FAKE_MONOTONIC",
        "1");
  }

  private static String submit(Platform platform, String function) {
    var answer = platform.submit(function, "{\"millis\": 10}").join();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return Platform.json(answer).get("id").asText();
  }

  private static JsonNode record(Platform platform, String id) {
    return Platform.json(platform.get("/invocations/" + id));
  }

  private static void awaitEnd(Platform platform, String id) {
    JsonNode end =
        Awaitility.await("the end of " + id)
            .atMost(Duration.ofSeconds(60))
            .until(() -> record(platform, id), record -> record.hasNonNull("endedAt"));
    assertThat(end.get("state").asText()).as(end.toString()).isEqualTo("SUCCEEDED");
  }
}
