package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each misbehaviour gets the contract's answer, and the platform goes on. */
class TroubleIT {
  @TempDir static Path home;
  private static Platform platform;

  @BeforeAll
  static void start() {
    platform = Platform.up(home);
    platform.deploy(TroublesomeFunctions.jar(home));
  }

  @AfterAll
  static void stop() {
    platform.close();
    childrenOfFunctions().forEach(ProcessHandle::destroyForcibly);
  }

  @AfterEach
  void thePlatformGoesOn() {
    var answer = platform.call("fine", "\"still\"");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("fine: still");
  }

  @ParameterizedTest(name = "{0} gives {1} {2}")
  @CsvSource({
    "throwing, 500, user-fault, thrown on purpose",
    "rude, 500, user-fault, Rude",
    "refuses, 418, rejected, a teapot by its own word",
    "cyclic, 502, bad-result, refers to itself",
    "gigabyte, 502, result-too-large, ",
    "exits, 500, crashed, 7",
    "halts, 500, crashed, 9",
    "memory, 500, out-of-memory, raise memory",
    "forever, 504, timed-out, 1s",
    "static-trouble, 500, user-fault, static trouble",
    "segfaults, 500, crashed, SIG",
    "deadlocks, 504, timed-out, 1s",
    "endless-stream, 502, result-too-large, ",
    "unwritable, 502, bad-result, cannot be read",
    "class-missing, 500, user-fault, Missing",
  })
  void aMisbehavingFunctionIsAnsweredInWords(
      String function, int status, String code, String words) {
    HttpResponse<String> answer = platform.call(function, "{}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(answer.headers().firstValue("X-Function-Error")).contains(code);
    var problem = Platform.json(answer);
    assertThat(problem.get("code").asText()).isEqualTo(code);
    assertThat(problem.get("invocation").asText()).hasSize(26);
    if (words != null) {
      assertThat(answer.body()).contains(words);
    }
  }

  @ParameterizedTest(name = "{0} with {1} gives {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "area | {\"width\": \"wide\", \"unit\": \"m\"} | 422 | width",
        "add | {\"left\": 1} | 422 | right",
        "add | {\"left\": 1, \"right\": true} | 422 | right",
        "area | {\"width\": | 400 | JSON",
        "no-such-function | {} | 404 | no-such-function",
        "fine:nowhere | {} | 404 | nowhere",
        "fine@abcdef12 | {} | 404 | abcdef12",
        "UPPER | {} | 400 | a-z",
      })
  void badInputIsRefusedAndNamed(String function, String body, int status, String named) {
    HttpResponse<String> answer = platform.call(function, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(named);
  }

  @Test
  void aBodyOverTheLimitIsRefused() {
    var request =
        platform
            .request("/function/fine")
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofByteArray(new byte[(64 << 20) + 1]))
            .build();

    assertThat(platform.send(request).statusCode()).isEqualTo(413);
  }

  @Test
  void leakedThreadsAndFloodsOfOutputHarmNobody() {
    assertThat(platform.call("leaks", "{}").body()).contains("51");
    var flood = platform.call("flood", "{}");
    assertThat(flood.statusCode()).as(flood.body()).isBetween(200, 204);
    var line = platform.call("endless-line", "{}");
    assertThat(line.statusCode()).as(line.body()).isBetween(200, 204);
    String id = flood.headers().firstValue("X-Invocation-Id").orElseThrow();
    String logs = platform.get("/invocations/" + id + "/logs").body();
    assertThat(logs.length()).isBetween(10_000, 2_000_000);
    assertThat(logs).contains("dropped");
  }

  /** Also those whose parents have ended and that are in sessions of their own. */
  @ParameterizedTest
  @CsvSource({"breeds, 504", "abandons, 500"})
  void processesThatAFunctionStartedEndWithItsRuntime(String function, int status) {
    var answer = platform.call(function, "{}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    Awaitility.await("no child is left")
        .atMost(Duration.ofSeconds(20))
        .until(() -> childrenOfFunctions().isEmpty());
  }

  private static List<ProcessHandle> childrenOfFunctions() {
    return ProcessHandle.allProcesses()
        .filter(
            process -> process.info().commandLine().orElse("").contains(TroublesomeFunctions.CHILD))
        .toList();
  }

  @Test
  void aFunctionRunsInAnotherProcessWithAnEmptyEnvironment() {
    long pid = Long.parseLong(platform.call("process", "{}").body().strip());

    assertThat(pid).isNotEqualTo(platform.process().pid());
    assertThat(Integer.parseInt(platform.call("environment", "{}").body().strip())).isLessThan(3);
  }

  @Test
  void aFunctionThatNoWorkerFitsIsRefusedWithTheReason() {
    var answer = platform.call("on-gpu", "{}");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.body()).contains("gpu=a100");
    var accepted = Platform.json(platform.submit("on-gpu", "{}").join());
    String id = accepted.get("id").asText();
    assertThat(Platform.json(platform.get("/invocations/" + id)).get("why").asText())
        .contains("gpu=a100");
    var cancelled = platform.send(platform.request("/invocations/" + id).DELETE().build());
    assertThat(cancelled.statusCode()).isEqualTo(200);
    assertThat(Platform.json(platform.get("/invocations/" + id)).get("state").asText())
        .isEqualTo("CANCELLED");
  }

  @Test
  void aFailedAttemptIsTriedAgainAsOftenAsStated() {
    var answer = platform.call("third-time", "{}");

    assertThat(answer.body().strip()).isEqualTo("3");
    assertThat(answer.headers().firstValue("X-Attempt")).contains("3");
  }
}
