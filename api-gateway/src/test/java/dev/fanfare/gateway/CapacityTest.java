package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CapacityTest {
  private static final int WAITING = 3;

  @TempDir static Path folder;
  static TestGateway platform;
  static ScriptedWorker busy;

  @BeforeAll
  static void start() throws Exception {
    platform =
        TestGateway.start(
            folder, GatewayConfiguration.DEFAULT.at("127.0.0.1", 0).accepting(WAITING));
    platform.deploy("hold");
    Policy impatient =
        new Policy(
            Policy.DEFAULT_TIMEOUT,
            Optional.empty(),
            Optional.of(Duration.ofMillis(300)),
            1,
            Policy.DEFAULT_MEMORY_BYTES,
            Requirements.NONE);
    platform.deploy(TenantId.DEFAULT, impatient, "impatient");
    busy = ScriptedWorker.of("busy", 0, ScriptedWorker.LATER);
    busy.hello(platform.link(busy));
  }

  @AfterAll
  static void stop() throws Exception {
    busy.cut();
    platform.close();
  }

  @Test
  void refusesWhatTheQueueCannotHold() throws Exception {
    HttpResponse<String> answer = platform.post("/async-function/hold?delay=1h", "");
    for (int i = 0; answer.statusCode() == 202 && i < 1_000; i++) {
      answer = platform.post("/async-function/hold?delay=1h", "");
    }

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    JsonNode problem = TestGateway.json(answer);
    assertThat(problem.get("code").asText()).isEqualTo("queue-full");
    assertThat(problem.get("limit").asText()).isEqualTo("waiting");
    assertThat(problem.has("invocation")).isFalse();
    for (JsonNode left :
        TestGateway.json(platform.get("/invocations?state=SCHEDULED")).get("invocations")) {
      platform.delete("/invocations/" + left.get("id").asText());
    }
  }

  @Test
  void answersACallThatWaitedTooLong() throws Exception {
    HttpResponse<String> answer = platform.post("/function/impatient", "");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("X-Function-Error")).contains("expired");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.headers().firstValue("X-Worker")).isEmpty();
    assertThat(answer.headers().firstValue("X-Attempt")).contains("0");
  }

  @Test
  void answersACallWhoseDeadlineCame() throws Exception {
    HttpResponse<String> answer = platform.post("/function/hold", "", "X-Deadline", "500ms");

    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(answer.headers().firstValue("X-Function-Error")).contains("timed-out");
  }
}
