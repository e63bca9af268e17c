package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call demands by its headers and query. */
@Timeout(60)
class CallDemandsTest extends FunctionCallScene {
  @ParameterizedTest
  @ValueSource(strings = {"X-Callback-Url"})
  void doesNotPretendToKnowAHeaderThatPromisesSomething(String name) throws Exception {
    HttpResponse<String> answer = platform.post("/function/echo", "", name, "x");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(TestGateway.json(answer).get("code").asText()).isEqualTo("unsupported-header");
  }

  @Test
  void returnsTheCallersOwnId() throws Exception {
    HttpResponse<String> answer = platform.post("/function/echo", "1", "X-Call-Id", "my call 7");

    assertThat(header(answer, "X-Call-Id")).isEqualTo("my call 7");
    assertThat(header(answer, "X-Invocation-Id")).hasSize(26);
  }

  @ParameterizedTest
  @CsvSource({
    "X-Priority,101",
    "X-Priority,-101",
    "X-Priority,high",
    "X-Priority,1.5",
    "X-Constraint,a b c",
    "X-Timeout,soon",
    "X-Timeout,0s",
    "X-Deadline,2020-01-01T00:00:00Z",
    "X-Deadline,later",
    "Prefer,wait=x"
  })
  void refusesAHeaderThatMakesNoSense(String name, String value) throws Exception {
    HttpResponse<String> answer = platform.post("/function/echo", "", name, value);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(TestGateway.json(answer).get("detail").asText()).contains(name);
  }

  @Test
  void refusesACallIdThatIsTooLong() throws Exception {
    assertThat(platform.post("/function/echo", "", "X-Call-Id", "x".repeat(129)).statusCode())
        .isEqualTo(400);
    assertThat(platform.post("/function/echo", "", "X-Call-Id", "x".repeat(128)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void passesTheTraceOnAndIgnoresABrokenOne() throws Exception {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    platform.post("/function/echo", "", "X-Call-Id", "traced", "traceparent", trace);
    platform.post("/function/echo", "", "X-Call-Id", "untraced", "traceparent", "00-zz-01");

    assertThat(leases.get("traced").traceparent()).isEqualTo(trace);
    assertThat(leases.get("untraced").traceparent()).isEmpty();
  }

  @Test
  void refusesAnEncodedBody() throws Exception {
    assertThat(platform.post("/function/echo", "x", "Content-Encoding", "gzip").statusCode())
        .isEqualTo(415);
  }

  @Test
  void answersAtOnceWhenTheCallerPrefers() throws Exception {
    HttpResponse<String> answer = platform.post("/function/echo", "5", "Prefer", "respond-async");

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(header(answer, "Preference-Applied")).isEqualTo("respond-async");
    String id = TestGateway.json(answer).get("id").asText();
    assertThat(header(answer, "Location")).isEqualTo("/invocations/" + id);
    assertThat(TestGateway.json(answer).get("links").get("result").asText())
        .isEqualTo("/invocations/" + id + "/result");
    assertThat(platform.get("/invocations/" + id + "/result?wait=10s").body()).isEqualTo("5");
  }

  @Test
  void waitsNoLongerThanTheCallerPrefersAndWorksOn() throws Exception {
    HttpResponse<String> answer =
        platform.post("/function/hold", "1", "Prefer", "wait=1", "X-Call-Id", "patient");

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(header(answer, "Preference-Applied")).isEqualTo("wait=1");
    assertThat(TestGateway.json(answer).get("state").asText()).isEqualTo("RUNNING");
    worker.finish(leases.get("patient"), TestGateway.json("\"late\"").get());
    String id = TestGateway.json(answer).get("id").asText();
    assertThat(platform.get("/invocations/" + id + "/result?wait=10s").body())
        .isEqualTo("\"late\"");
  }

  @Test
  void answersWithTheResultWhenItComesWithinTheWait() throws Exception {
    HttpResponse<String> answer = platform.post("/function/echo", "7", "Prefer", "wait=20");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("7");
    assertThat(header(answer, "Preference-Applied")).isEqualTo("wait=20");
  }

  @Test
  void startsNoSoonerThanTheDelay() throws Exception {
    HttpResponse<String> accepted = platform.post("/async-function/echo?delay=PT1S", "8");
    assertThat(TestGateway.json(accepted).get("state").asText()).isEqualTo("SCHEDULED");

    HttpResponse<String> result =
        platform.get(
            "/invocations/" + TestGateway.json(accepted).get("id").asText() + "/result?wait=10s");
    assertThat(result.body()).isEqualTo("8");
    assertThat(Double.parseDouble(header(result, "X-Queue-Seconds"))).isGreaterThanOrEqualTo(1.0);
  }

  @Test
  void refusesADelayThatIsNone() throws Exception {
    assertThat(platform.post("/async-function/echo?delay=soon", "").statusCode()).isEqualTo(400);
    assertThat(platform.post("/async-function/echo?delay=PT-1S", "").statusCode()).isEqualTo(400);
    assertThat(platform.post("/async-function/echo?delay=9999d", "").statusCode()).isEqualTo(400);
  }

  @Test
  void boundsAnAttemptByTheCallersTimeout() throws Exception {
    String[] call = {"X-Timeout", "200ms", "X-Call-Id", "hurried"};
    platform.post("/async-function/hold", "", call);

    await().until(() -> leases.containsKey("hurried"));
    assertThat(leases.get("hurried").timeoutMicros()).isEqualTo(200_000);
  }

  @Test
  void tellsWhyNoWorkerCouldRunIt() throws Exception {
    HttpResponse<String> answer = platform.post("/function/echo", "", "X-Constraint", "gpu=a100");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(header(answer, "Retry-After")).isNotEmpty();
    JsonNode problem = TestGateway.json(answer);
    assertThat(problem.get("code").asText()).isEqualTo("no-capacity");
    assertThat(problem.get("detail").asText()).contains("gpu=a100");
    String id = problem.get("invocation").asText();
    await()
        .untilAsserted(
            () ->
                assertThat(
                        TestGateway.json(platform.get("/invocations/" + id)).get("state").asText())
                    .isEqualTo("CANCELLED"));
  }

  @Test
  void acceptsAConstraintThatTheWorkerMeets() throws Exception {
    assertThat(platform.post("/function/echo", "1", "X-Constraint", "os=linux").statusCode())
        .isEqualTo(200);
  }
}
