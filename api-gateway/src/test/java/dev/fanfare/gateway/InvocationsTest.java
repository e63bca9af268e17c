package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.LogLine;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.session.ScriptedWorker;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class InvocationsTest {
  @TempDir static Path folder;
  static TestGateway platform;
  static ScriptedWorker worker;
  static final Map<String, Lease> leases = new ConcurrentHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("echo", "hold", "fail");
    worker = platform.worker("w1", InvocationsTest::run);
  }

  @AfterAll
  static void stop() throws Exception {
    worker.cut();
    platform.close();
  }

  private static Optional<Outcome> run(Lease lease) {
    leases.put(lease.id().toString(), lease);
    return switch (lease.function().value()) {
      case "echo" -> TestGateway.echo(lease);
      case "fail" -> Optional.of(Outcome.Failure.of(FailureCode.USER_FAULT, "no luck"));
      default -> Optional.empty();
    };
  }

  @Test
  void tellsEverythingOfAnInvocationThatEnded() throws Exception {
    HttpResponse<String> call =
        platform.post("/function/echo", "12", "X-Call-Id", "c1", "X-Priority", "7");

    JsonNode told = TestGateway.json(platform.get("/invocations/" + id(call)));
    assertThat(told.get("state").asText()).isEqualTo("SUCCEEDED");
    assertThat(told.get("function").asText()).isEqualTo("echo");
    assertThat(told.get("callId").asText()).isEqualTo("c1");
    assertThat(told.get("async").asBoolean()).isFalse();
    assertThat(told.get("priority").asInt()).isEqualTo(7);
    assertThat(told.get("attempts").asInt()).isEqualTo(1);
    assertThat(told.get("worker").asText()).isEqualTo("w1");
    assertThat(told.get("submittedAt").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    assertThat(told.get("endedAt").asText()).isGreaterThanOrEqualTo(told.get("startedAt").asText());
    assertThat(told.get("figures").get("totalSeconds").asDouble()).isGreaterThan(0);
    assertThat(told.has("error")).isFalse();
    assertThat(told.get("links").get("logs").asText())
        .isEqualTo("/invocations/" + id(call) + "/logs");
  }

  @Test
  void tellsWhatAFailureWas() throws Exception {
    JsonNode told =
        TestGateway.json(platform.get("/invocations/" + id(platform.post("/function/fail", ""))));

    assertThat(told.get("state").asText()).isEqualTo("FAILED");
    assertThat(told.get("error").get("code").asText()).isEqualTo("user-fault");
    assertThat(told.get("error").get("message").asText()).isEqualTo("no luck");
  }

  @Test
  void answersWithTheResultAgainAndAgain() throws Exception {
    String id = id(platform.post("/async-function/echo", "text", "Content-Type", "text/plain"));

    for (int i = 0; i < 3; i++) {
      HttpResponse<String> result = platform.get("/invocations/" + id + "/result?wait=10");
      assertThat(result.body()).isEqualTo("text");
      assertThat(result.headers().firstValue("Content-Type")).contains("text/plain");
      assertThat(result.headers().firstValue("X-Worker")).contains("w1");
      assertThat(result.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(result.headers().firstValue("Content-Security-Policy")).contains("sandbox");
    }
  }

  @Test
  void answersWithTheProblemOfAFailedInvocation() throws Exception {
    String id = id(platform.post("/async-function/fail", ""));

    HttpResponse<String> result = platform.get("/invocations/" + id + "/result?wait=20s");
    assertThat(result.statusCode()).isEqualTo(500);
    assertThat(result.headers().firstValue("X-Function-Error")).contains("user-fault");
    assertThat(result.headers().firstValue("X-Attempt")).contains("3");
  }

  @Test
  void says202WhileThereIsNoResult() throws Exception {
    String id = id(platform.post("/async-function/hold", ""));

    HttpResponse<String> result = platform.get("/invocations/" + id + "/result?wait=100ms");
    assertThat(result.statusCode()).isEqualTo(202);
    assertThat(result.headers().firstValue("Retry-After")).isPresent();
    assertThat(TestGateway.json(result).get("state").asText()).isEqualTo("RUNNING");
    worker.finish(leases.get(id), TestGateway.json("1").get());
  }

  @Test
  void wakesALongPollWhenTheInvocationEnds() throws Exception {
    String id = id(platform.post("/async-function/hold", ""));
    CompletableFuture<HttpResponse<String>> result =
        platform.http.sendAsync(
            platform.to("/invocations/" + id + "/result?wait=25s").build(),
            BodyHandlers.ofString());
    await().until(() -> leases.containsKey(id));
    worker.finish(leases.get(id), TestGateway.json("\"done\"").get());

    assertThat(result.get(10, java.util.concurrent.TimeUnit.SECONDS).body()).isEqualTo("\"done\"");
  }

  @Test
  void cancelsOnce() throws Exception {
    String id = id(platform.post("/async-function/hold", ""));

    HttpResponse<String> first = platform.delete("/invocations/" + id);
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(TestGateway.json(first).get("state").asText()).isEqualTo("CANCELLED");
    HttpResponse<String> second = platform.delete("/invocations/" + id);
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(TestGateway.json(second).get("code").asText()).isEqualTo("already-ended");
    assertThat(platform.get("/invocations/" + id + "/result").statusCode()).isEqualTo(409);
  }

  @Test
  void answersTheWaitingCallerOfAnInvocationThatIsCancelled() throws Exception {
    CompletableFuture<HttpResponse<String>> call =
        platform.http.sendAsync(
            platform
                .to("/function/hold")
                .header("X-Call-Id", "to-cancel")
                .POST(java.net.http.HttpRequest.BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
    await().until(() -> leases.values().stream().anyMatch(l -> l.callId().equals("to-cancel")));
    String id =
        leases.values().stream()
            .filter(l -> l.callId().equals("to-cancel"))
            .findFirst()
            .orElseThrow()
            .id()
            .toString();
    platform.delete("/invocations/" + id);

    HttpResponse<String> answer = call.get(10, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.headers().firstValue("X-Function-Error")).contains("cancelled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"01k00000000000000000000000", "nonsense", "8zzzzzzzzzzzzzzzzzzzzzzzzz"})
  void knowsNothingOfAnIdThatWasNeverGiven(String id) throws Exception {
    for (String path :
        List.of(
            "/invocations/" + id,
            "/invocations/" + id + "/result?wait=1s",
            "/invocations/" + id + "/logs")) {
      HttpResponse<String> answer = platform.get(path);
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(TestGateway.json(answer).get("code").asText()).isEqualTo("no-such-invocation");
    }
    assertThat(platform.delete("/invocations/" + id).statusCode()).isEqualTo(404);
  }

  @Test
  void listsNewestFirstAndFilters() throws Exception {
    String held = id(platform.post("/async-function/hold", ""));
    String echoed = id(platform.post("/function/echo", ""));

    assertThat(ids("/invocations?limit=1")).containsExactly(echoed);
    assertThat(ids("/invocations?function=hold&state=running"))
        .contains(held)
        .doesNotContain(echoed);
    assertThat(ids("/invocations?function=echo&state=SUCCEEDED"))
        .contains(echoed)
        .doesNotContain(held);
    assertThat(ids("/invocations?since=1h")).contains(held, echoed);
    assertThat(ids("/invocations?since=2099-01-01T00:00:00Z")).isEmpty();
    platform.delete("/invocations/" + held);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=1001",
        "limit=x",
        "state=odd",
        "since=x",
        "function=NOT%20A%20NAME"
      })
  void refusesAFilterThatMakesNoSense(String query) throws Exception {
    HttpResponse<String> answer = platform.get("/invocations?" + query);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void tellsWhyAnInvocationWaits() throws Exception {
    var demanding =
        new dev.fanfare.protocol.Policy(
            dev.fanfare.protocol.Policy.DEFAULT_TIMEOUT,
            Optional.empty(),
            Optional.empty(),
            1,
            dev.fanfare.protocol.Policy.DEFAULT_MEMORY_BYTES,
            dev.fanfare.protocol.Requirements.NONE.and(
                List.of(dev.fanfare.protocol.Constraint.parse("gpu=a100"))));
    platform.deploy(dev.fanfare.protocol.TenantId.DEFAULT, demanding, "demanding");
    String id = id(platform.post("/async-function/demanding", ""));

    JsonNode told = TestGateway.json(platform.get("/invocations/" + id));
    assertThat(told.get("state").asText()).isEqualTo("QUEUED");
    assertThat(told.get("why").asText()).contains("gpu=a100");
    assertThat(TestGateway.json(platform.get("/v1/functions/demanding")).get("cannotRun").asText())
        .contains("gpu=a100");
    platform.delete("/invocations/" + id);
  }

  @Test
  void saysWhyACallWithADemandOfItsOwnWaits() throws Exception {
    String id = id(platform.post("/async-function/hold", "", "X-Constraint", "zone=moon"));

    JsonNode told = TestGateway.json(platform.get("/invocations/" + id));
    assertThat(told.get("why").asText()).contains("zone=moon");
    platform.delete("/invocations/" + id);
  }

  @Test
  void readsTheLogs() throws Exception {
    String id = id(platform.post("/async-function/hold", ""));
    await().until(() -> leases.containsKey(id));
    log(leases.get(id), 1, "first");
    log(leases.get(id), 2, "<script>");
    worker.finish(leases.get(id), TestGateway.json("1").get());

    await()
        .untilAsserted(
            () -> {
              HttpResponse<String> logs = platform.get("/invocations/" + id + "/logs");
              assertThat(logs.headers().firstValue("Content-Type"))
                  .contains("application/x-ndjson");
              assertThat(texts(logs.body().lines())).containsExactly("first", "<script>");
            });
  }

  @Test
  void followsTheLogsUntilTheEnd() throws Exception {
    String id = id(platform.post("/async-function/hold", ""));
    await().until(() -> leases.containsKey(id));
    var seen = new CopyOnWriteArrayList<String>();
    CompletableFuture<Void> following =
        platform
            .http
            .sendAsync(
                platform.to("/invocations/" + id + "/logs?follow=true").build(),
                BodyHandlers.ofLines())
            .thenAccept(answer -> answer.body().forEach(seen::add));
    log(leases.get(id), 1, "one");
    await().until(() -> seen.size() == 1);
    log(leases.get(id), 2, "two");
    await().until(() -> seen.size() == 2);
    worker.finish(leases.get(id), TestGateway.json("1").get());

    following.get(10, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(texts(seen.stream())).containsExactly("one", "two");
  }

  @Test
  void readsManyLinesInOrder() throws Exception {
    String id = id(platform.post("/async-function/hold", ""));
    await().until(() -> leases.containsKey(id));
    for (int i = 1; i <= LogLine.LINES_PER_ATTEMPT; i++) {
      log(leases.get(id), i, "line " + i);
    }
    worker.finish(leases.get(id), TestGateway.json("1").get());

    await()
        .untilAsserted(
            () ->
                assertThat(platform.get("/invocations/" + id + "/logs").body().lines())
                    .hasSize(LogLine.LINES_PER_ATTEMPT));
    assertThat(texts(platform.get("/invocations/" + id + "/logs").body().lines()))
        .startsWith("line 1", "line 2")
        .endsWith("line 1000");
  }

  private static void log(Lease lease, int sequence, String text) {
    worker.send(
        new Frame.Logs(
            List.of(new LogLine(lease.id(), lease.fence(), sequence, 1_000_000, "out", "", text))));
  }

  private static List<String> texts(Stream<String> lines) {
    return lines.map(InvocationsTest::text).toList();
  }

  private static String text(String line) {
    try {
      return new com.fasterxml.jackson.databind.ObjectMapper().readTree(line).get("text").asText();
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }

  private static List<String> ids(String path) throws Exception {
    var ids = new java.util.ArrayList<String>();
    TestGateway.json(platform.get(path))
        .get("invocations")
        .forEach(one -> ids.add(one.get("id").asText()));
    return ids;
  }

  private static String id(HttpResponse<?> answer) {
    return answer.headers().firstValue("X-Invocation-Id").orElseThrow();
  }
}
