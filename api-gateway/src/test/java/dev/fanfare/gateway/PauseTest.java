package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PauseTest {
  @TempDir Path folder;
  private TestGateway platform;
  private ScriptedWorker worker;

  @BeforeEach
  void start() throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("resize", "other");
    worker = platform.worker("alone", TestGateway::echo);
  }

  @AfterEach
  void stop() throws Exception {
    worker.cut();
    platform.close();
  }

  @Test
  void aPausedFunctionQueuesAndRunsOnceResumed() throws Exception {
    assertThat(pauses(put("/v1/pauses/resize"))).isEqualTo("[\"resize\"]");
    String id = submit("resize");

    assertThat(platform.post("/function/other", "1").statusCode()).isEqualTo(200);
    JsonNode waiting = TestGateway.json(platform.get("/invocations/" + id));
    assertThat(waiting.path("state").asText()).isEqualTo("QUEUED");
    assertThat(waiting.path("why").asText()).isEqualTo("resize is paused");
    assertThat(TestGateway.json(platform.get("/v1/functions/resize")).path("paused").asBoolean())
        .isTrue();

    assertThat(pauses(platform.delete("/v1/pauses/resize"))).isEqualTo("[]");
    await().untilAsserted(() -> assertThat(state(id)).isEqualTo("SUCCEEDED"));
  }

  @Test
  void aPausedTenantStartsNothing() throws Exception {
    assertThat(TestGateway.json(put("/v1/pauses")).path("tenant").asBoolean()).isTrue();
    String one = submit("resize");
    String other = submit("other");
    assertThat(TestGateway.json(platform.get("/invocations/" + one)).has("why")).isTrue();
    assertThat(state(other)).isEqualTo("QUEUED");

    platform.delete("/v1/pauses");
    await().untilAsserted(() -> assertThat(state(one) + state(other)).doesNotContain("QUEUED"));
  }

  @Test
  void aPauseLastsOverARestart() throws Exception {
    put("/v1/pauses/resize");
    worker.cut();
    platform.close();

    platform = TestGateway.start(folder);
    worker = platform.worker("alone", TestGateway::echo);
    String id = submit("resize");
    assertThat(platform.post("/function/other", "1").statusCode()).isEqualTo(200);
    assertThat(state(id)).isEqualTo("QUEUED");
    assertThat(pauses(platform.get("/v1/pauses"))).isEqualTo("[\"resize\"]");
  }

  @Test
  void onlyOperatorsPauseAndOnlyWhatIsThere() throws Exception {
    assertThat(put("/v1/pauses/none").statusCode()).isEqualTo(404);
    String invoker = platform.key(TenantId.DEFAULT, Scope.INVOKER);
    var request =
        HttpRequest.newBuilder(platform.uri("/v1/pauses/resize"))
            .PUT(BodyPublishers.noBody())
            .header("Authorization", "Bearer " + invoker);
    assertThat(platform.send(request).statusCode()).isEqualTo(403);
    assertThat(pauses(platform.get("/v1/pauses"))).isEqualTo("[]");
  }

  private String submit(String function) throws Exception {
    HttpResponse<String> accepted = platform.post("/async-function/" + function, "1");
    assertThat(accepted.statusCode()).isEqualTo(202);
    return TestGateway.json(accepted).path("id").asText();
  }

  private String state(String id) throws Exception {
    return TestGateway.json(platform.get("/invocations/" + id)).path("state").asText();
  }

  private HttpResponse<String> put(String path) throws Exception {
    return platform.send(platform.to(path).PUT(BodyPublishers.noBody()));
  }

  private static String pauses(HttpResponse<String> answer) throws IOException {
    return TestGateway.json(answer).path("functions").toString();
  }
}
