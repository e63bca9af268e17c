package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.session.ScriptedWorker;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Work that is pinned to a declared state, with workers that show one. */
@Timeout(60)
class StatePinTest {
  private static final String OLD = "0123456789ab";
  private static final String NEW = "ba9876543210";

  @TempDir static Path folder;
  static TestGateway platform;
  private ScriptedWorker worker;

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("work");
  }

  @AfterAll
  static void stop() throws Exception {
    platform.close();
  }

  @AfterEach
  void cut() {
    if (worker != null) {
      worker.cut();
      await().until(() -> !platform.get("/v1/workers").body().contains("\"b\""));
    }
  }

  @Test
  void aPinnedCallRunsInItsStateAndIsToldSo() throws Exception {
    worker = platform.worker("b", labels(OLD, "3.11.2"), ScriptedWorker.AT_ONCE);

    HttpResponse<String> answer = platform.post("/function/work", "", "X-State", OLD);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-State")).contains(OLD);
  }

  @Test
  void whoDoesNotWantToWaitIsToldHowEachWorkerDiffers() throws Exception {
    worker = platform.worker("b", labels(NEW, "3.12.1"), ScriptedWorker.AT_ONCE);
    describe(OLD, "3.11.2");

    HttpResponse<String> answer =
        platform.post("/function/work", "", "X-State", NEW, "X-State-Else", "refuse");

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(TestGateway.json(answer).path("code").asText()).isEqualTo("state-mismatch");
    assertThat(TestGateway.json(answer).path("detail").asText())
        .contains("worker b: tool python3 3.11.2, pinned 3.12.1");
  }

  @Test
  void aPinnedCallWaitsUntilAWorkerIsInItsState() throws Exception {
    worker = platform.worker("b", labels(OLD, "3.11.2"), ScriptedWorker.AT_ONCE);
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return platform.post("/function/work", "", "X-State", NEW);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await().until(() -> platform.get("/invocations?state=QUEUED").body().contains("\"work\""));
    assertThat(answer).isNotDone();

    describe(NEW, "3.12.1");

    assertThat(answer.get().statusCode()).isEqualTo(200);
    assertThat(answer.get().headers().firstValue("X-State")).contains(NEW);
  }

  @Test
  void aStateThatChangesUnderAnInvocationIsToldWithIt() throws Exception {
    worker = platform.worker("b", labels(OLD, "3.11.2"), ScriptedWorker.LATER);
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return platform.post("/function/work", "");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await().until(() -> !worker.leases().isEmpty());

    describe(NEW, "3.12.1");
    worker.finish(worker.leases().getFirst(), new Outcome.Success(Payload.EMPTY));

    assertThat(answer.get().headers().firstValue("X-State")).contains(OLD + ", " + NEW);
  }

  @Test
  void whatIsNoStateIsABadRequest() throws Exception {
    assertThat(platform.post("/function/work", "", "X-State", "new").statusCode()).isEqualTo(400);
    assertThat(platform.post("/function/work", "", "X-State-Else", "refuse").statusCode())
        .isEqualTo(400);
    HttpResponse<String> none =
        platform.post("/function/work", "", "X-State", NEW, "X-State-Else", "refuse");
    assertThat(none.statusCode()).isEqualTo(409);
    assertThat(none.body()).contains("none is connected");
  }

  private void describe(String state, String python) {
    worker.send(new Frame.Described(ScriptedWorker.profile("b", labels(state, python))));
    await().until(() -> platform.get("/v1/workers").body().contains(state));
  }

  private static Map<String, String> labels(String state, String python) {
    return Map.of("worker", "b", "state", state, "tool.python3", python);
  }
}
