package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.frame.Frame;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /v1/workers/{id}}: the gateway asks the worker. */
@Timeout(60)
class WorkerConditionTest {
  @TempDir static Path folder;
  private static final Map<ScriptedWorker, Integer> ANSWERED = new ConcurrentHashMap<>();
  private static TestGateway platform;

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("stay");
  }

  @AfterAll
  static void stop() throws Exception {
    platform.close();
  }

  @Test
  void whatTheWorkerTellsStandsBesideWhatTheGatewayKnows() throws Exception {
    ScriptedWorker worker = platform.worker("told", ScriptedWorker.LATER);
    CompletableFuture<JsonNode> asked = ask("told", platform.admin);

    answer(worker, "{\"way\":\"listens\",\"load\":1.5,\"runtimes\":[{\"pid\":7}],\"java\":\"25\"}");

    JsonNode condition = asked.join();
    assertThat(condition.path("id").asText()).isEqualTo("told");
    assertThat(condition.at("/labels/os").asText()).isEqualTo("linux");
    assertThat(condition.at("/connection/way").asText()).isEqualTo("listens");
    assertThat(condition.at("/connection/relays")).isEmpty();
    assertThat(condition.path("load").asDouble()).isEqualTo(1.5);
    assertThat(condition.at("/processes/0/pid").asInt()).isEqualTo(7);
    assertThat(condition.path("java").asText()).isEqualTo("25");
    assertThat(condition.has("silent")).isFalse();
    worker.cut();
  }

  @Test
  void anotherTenantsInvocationsAreCountedAndNotNamed() throws Exception {
    TenantId other = new TenantId("other");
    platform.deploy(other, Policy.DEFAULT, "stay");
    ScriptedWorker worker = platform.worker("shared", ScriptedWorker.LATER);
    platform.post("/async-function/stay", "1");
    await().until(() -> worker.leases().size() == 1);
    String id = worker.leases().getFirst().id().toString();
    String told =
        "{\"attempts\":1,\"invocations\":[{\"id\":\"" + id + "\",\"function\":\"stay\"}]}";

    CompletableFuture<JsonNode> mine = ask("shared", platform.admin);
    answer(worker, told);
    CompletableFuture<JsonNode> theirs = ask("shared", platform.key(other, Scope.VIEWER));
    answer(worker, told);

    assertThat(mine.join().at("/invocations/0/id").asText()).isEqualTo(id);
    assertThat(mine.join().path("othersInvocations").asInt()).isZero();
    assertThat(theirs.join().path("invocations")).isEmpty();
    assertThat(theirs.join().path("othersInvocations").asInt()).isEqualTo(1);
    worker.cut();
  }

  @Test
  void aWorkerThatTellsNothingIsShownAsSilent() throws Exception {
    ScriptedWorker worker = platform.worker("mute", ScriptedWorker.LATER);

    JsonNode condition = ask("mute", platform.admin).join();

    assertThat(condition.path("id").asText()).isEqualTo("mute");
    assertThat(condition.path("silent").asText()).isEqualTo("it did not answer");
    assertThat(condition.at("/connection/peer").asText()).isNotEmpty();
    worker.cut();
  }

  @Test
  void aWorkerThatGoesAwayMeanwhileIsShownAsSilentAtOnce() throws Exception {
    ScriptedWorker worker = platform.worker("leaving", ScriptedWorker.LATER);
    CompletableFuture<JsonNode> asked = ask("leaving", platform.admin);
    await().until(() -> !worker.heard(Frame.Inspect.class).isEmpty());

    worker.cut();

    assertThat(asked.join().path("silent").asText()).isNotEqualTo("it did not answer");
  }

  @Test
  void aNameThatNoWorkerHasIsNotFound() throws Exception {
    HttpResponse<String> answer = platform.get("/v1/workers/nobody");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(TestGateway.json(answer).path("code").asText()).isEqualTo("no-such-worker");
    assertThat(answer.body()).contains("no worker called 'nobody' is connected");
  }

  private static CompletableFuture<JsonNode> ask(String worker, String key) {
    return platform
        .http
        .sendAsync(
            HttpRequest.newBuilder(platform.uri("/v1/workers/" + worker))
                .header("Authorization", "Bearer " + key)
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .thenApply(
            answer -> {
              try {
                return TestGateway.json(answer);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /** Answers the next question that it has not answered. */
  private static void answer(ScriptedWorker worker, String text) {
    int answered = ANSWERED.merge(worker, 1, Integer::sum);
    await().until(() -> worker.heard(Frame.Inspect.class).size() >= answered);
    long sequence = worker.heard(Frame.Inspect.class).get(answered - 1).sequence();
    worker.send(new Frame.Condition(sequence, text));
  }
}
