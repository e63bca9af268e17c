package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.session.ScriptedWorker;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls that come again under their keys, and accepted work that fails for good. */
@Timeout(60)
class DurableWorkTest {
  private static final Map<String, Lease> HELD = new ConcurrentHashMap<>();
  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final String KEY = "Idempotency-Key";
  private static volatile boolean mended;

  @TempDir static Path folder;
  static TestGateway platform;
  static ScriptedWorker worker;

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("echo", "hold", "fail");
    worker = platform.worker("w1", DurableWorkTest::run);
  }

  @AfterAll
  static void stop() throws Exception {
    worker.cut();
    platform.close();
  }

  private static Optional<Outcome> run(Lease lease) {
    RUNS.incrementAndGet();
    return switch (lease.function().value()) {
      case "hold" -> {
        HELD.put(lease.id().toString(), lease);
        yield Optional.empty();
      }
      case "fail" ->
          mended
              ? TestGateway.echo(lease)
              : Optional.of(Outcome.Failure.of(FailureCode.REJECTED, "no luck"));
      default -> TestGateway.echo(lease);
    };
  }

  @Test
  void theSameKeyAndBodyAreTheSameInvocation() throws Exception {
    var first = platform.post("/async-function/echo", "1", KEY, "same");
    var second = platform.post("/async-function/echo", "1", KEY, "same");

    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(second.statusCode()).isEqualTo(202);
    assertThat(id(second)).isEqualTo(id(first));
    assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
    assertThat(second.headers().firstValue("Idempotent-Replayed")).contains("true");
  }

  @Test
  void ofManyAtOnceOneRuns() throws Exception {
    int before = RUNS.get();
    List<Callable<HttpResponse<String>>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(() -> platform.post("/async-function/echo", "2", KEY, "together"));
    }
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<HttpResponse<String>> call : callers.invokeAll(calls)) {
        assertThat(call.get().statusCode()).isEqualTo(202);
      }
    }
    await().until(() -> RUNS.get() > before);
    assertThat(RUNS.get()).isEqualTo(before + 1);
  }

  @Test
  void anotherBodyUnderTheKeyIsRefused() throws Exception {
    platform.post("/async-function/echo", "1", KEY, "other body");
    var other = platform.post("/async-function/echo", "2", KEY, "other body");

    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(code(other)).isEqualTo("key-reused");
  }

  @Test
  void aKeyIsAFunctionsOwn() throws Exception {
    var one = platform.post("/async-function/echo", "1", KEY, "own");
    var other = platform.post("/async-function/fail", "2", KEY, "own");

    assertThat(other.statusCode()).isEqualTo(202);
    assertThat(id(other)).isNotEqualTo(id(one));
  }

  @Test
  void aCallThatWaitsIsAnsweredAgainWithItsResult() throws Exception {
    var first = platform.post("/function/echo", "7", KEY, "waits");
    int runs = RUNS.get();
    var second = platform.post("/function/echo", "7", KEY, "waits");

    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers().firstValue("X-Invocation-Id"))
        .isEqualTo(first.headers().firstValue("X-Invocation-Id"));
    assertThat(RUNS.get()).isEqualTo(runs);
  }

  @Test
  void aCallThatRunsIsInFlight() throws Exception {
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = callers.submit(() -> platform.post("/function/hold", "7", KEY, "runs"));
      await().until(() -> !HELD.isEmpty());
      var second = platform.post("/function/hold", "7", KEY, "runs");
      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(code(second)).isEqualTo("key-in-flight");

      HELD.values().forEach(worker::succeed);
      assertThat(first.get().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aKeyIsPrintable() throws Exception {
    var answer = platform.post("/async-function/echo", "1", KEY, "x".repeat(256));
    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @Test
  void whatFailedForGoodIsListedShownRedrivenAndPurged() throws Exception {
    String dead = id(platform.post("/async-function/fail", "\"ada\""));
    String other = id(platform.post("/async-function/fail", "5"));
    await().until(() -> letters().findValuesAsText("id").containsAll(List.of(dead, other)));

    JsonNode shown = TestGateway.json(platform.get("/v1/dead-letters/" + dead));
    assertThat(shown.get("state").asText()).isEqualTo("FAILED");
    assertThat(shown.get("payload").get("text").asText()).isEqualTo("\"ada\"");

    mended = true;
    var redriven = platform.post("/v1/dead-letters/" + dead + "/redrive", "{}");
    assertThat(redriven.statusCode()).as(redriven.body()).isEqualTo(202);
    assertThat(id(redriven)).isNotEqualTo(dead);
    await()
        .until(
            () ->
                TestGateway.json(platform.get("/invocations/" + id(redriven)))
                    .get("state")
                    .asText()
                    .equals("SUCCEEDED"));
    assertThat(platform.get("/invocations/" + id(redriven) + "/result").body())
        .isEqualTo("\"ada\"");
    assertThat(platform.get("/v1/dead-letters/" + dead).statusCode()).isEqualTo(404);
    assertThat(TestGateway.json(platform.get("/invocations/" + dead)).get("state").asText())
        .isEqualTo("FAILED");

    assertThat(platform.delete("/v1/dead-letters/" + other).statusCode()).isEqualTo(204);
    assertThat(letters().findValuesAsText("id")).doesNotContain(dead, other);
    assertThat(platform.delete("/v1/dead-letters/" + other).statusCode()).isEqualTo(404);
  }

  private static JsonNode letters() throws Exception {
    return TestGateway.json(platform.get("/v1/dead-letters?function=fail&limit=100"));
  }

  private static String id(HttpResponse<String> answer) throws Exception {
    return TestGateway.json(answer).get("id").asText();
  }

  private static String code(HttpResponse<String> answer) throws Exception {
    return TestGateway.json(answer).get("code").asText();
  }
}
