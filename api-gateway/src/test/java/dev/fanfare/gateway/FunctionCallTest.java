package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.frame.Frame;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Sha256;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies, names and ends of calls over HTTP. */
@Timeout(60)
class FunctionCallTest extends FunctionCallScene {
  @Test
  void answersWithTheResultAndTheFigures() throws Exception {
    HttpResponse<String> answer =
        platform.post("/function/echo", "{\"a\":1}", "Content-Type", "application/json");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"a\":1}");
    assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
    assertThat(header(answer, "X-Attempt")).isEqualTo("1");
    assertThat(header(answer, "X-Worker")).isEqualTo("w1");
    assertThat(header(answer, "X-Executed-Revision")).isEqualTo(revision.toString());
    assertThat(header(answer, "X-Duration-Seconds")).matches("\\d+\\.\\d{6}");
    assertThat(header(answer, "X-Queue-Seconds")).matches("\\d+\\.\\d{6}");
    assertThat(header(answer, "X-Call-Id"))
        .isEqualTo(header(answer, "X-Invocation-Id"))
        .hasSize(26);
    assertThat(answer.headers().firstValue("X-Function-Error")).isEmpty();
  }

  @Test
  void passesBytesAndTheirMediaTypeBothWays() throws Exception {
    byte[] bytes = random(1_000);
    HttpResponse<byte[]> answer =
        platform.http.send(
            platform
                .to("/function/echo")
                .header("Content-Type", "image/x-thing")
                .POST(BodyPublishers.ofByteArray(bytes))
                .build(),
            BodyHandlers.ofByteArray());

    assertThat(answer.body()).isEqualTo(bytes);
    assertThat(answer.headers().firstValue("Content-Type")).contains("image/x-thing");
  }

  @Test
  void handsALargeBodyOverAsABlobAndReturnsOne() throws Exception {
    byte[] bytes = random(5 << 20);
    HttpResponse<byte[]> answer =
        platform.http.send(
            platform
                .to("/function/echo")
                .header("X-Call-Id", "large-in")
                .POST(BodyPublishers.ofByteArray(bytes))
                .build(),
            BodyHandlers.ofByteArray());

    assertThat(leases.get("large-in").payload())
        .isEqualTo(new Payload.Blob("application/json", Sha256.of(bytes), bytes.length));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(Sha256.of(answer.body())).isEqualTo(Sha256.of(bytes));
    assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(bytes.length);
  }

  @Test
  void takesABodyInChunksWhetherSmallOrLarge() throws Exception {
    for (int size : new int[] {0, 10, Payload.INLINE_LIMIT, Payload.INLINE_LIMIT + 1, 1 << 20}) {
      byte[] bytes = random(size);
      HttpResponse<byte[]> answer =
          platform.http.send(
              platform
                  .to("/function/echo")
                  .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes)))
                  .build(),
              BodyHandlers.ofByteArray());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(bytes);
    }
  }

  @Test
  void keepsALargeResultsMediaType() throws Exception {
    HttpResponse<String> answer = platform.post("/function/large", "");

    assertThat(header(answer, "Content-Type")).isEqualTo("image/png");
    assertThat(header(answer, "Content-Length")).isEqualTo(Integer.toString(3 << 20));
  }

  @Test
  void saysSoWhenALargeResultIsNoLongerKept() throws Exception {
    HttpResponse<String> answer = platform.post("/function/large", "");
    String id = header(answer, "X-Invocation-Id");
    java.nio.file.Files.delete(platform.node.blobs().path(Sha256.of(random(3 << 20))));

    HttpResponse<String> later = platform.get("/invocations/" + id + "/result");
    assertThat(later.statusCode()).isEqualTo(410);
    assertThat(TestGateway.json(later).get("code").asText()).isEqualTo("result-gone");
  }

  @Test
  void letsNoHeaderOutOfAResultsMediaType() throws Exception {
    HttpResponse<String> answer = platform.post("/function/odd-type", "");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).isEqualTo("application/octet-stream");
    assertThat(answer.headers().firstValue("X-Evil")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "user-fault,java.lang.IllegalStateException,0,500",
    "out-of-memory,out-of-memory,0,500",
    "crashed,crashed,0,500",
    "rejected,dev.fanfare.function.Reject,418,418",
    "rejected,argument,422,422",
    "rejected,argument,400,400",
    "timed-out,timed-out,0,504",
    "expired,expired,0,503",
    "worker-lost,worker-lost,0,502",
    "bad-result,bad-result,0,502",
    "result-too-large,result-too-large,0,502",
    "no-such-revision,no-such-revision,0,404"
  })
  void answersAFailureWithItsStatus(String code, String type, int own, int status)
      throws Exception {
    HttpResponse<String> answer = platform.post("/function/fail", code + " " + type + " " + own);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(header(answer, "X-Function-Error")).isEqualTo(code);
    assertThat(header(answer, "X-Attempt")).isEqualTo(code.equals("worker-lost") ? "4" : "1");
    JsonNode problem = TestGateway.json(answer);
    assertThat(problem.get("type").asText()).isEqualTo("https://fanfare.dev/problems/" + code);
    assertThat(problem.get("code").asText()).isEqualTo(code);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("invocation").asText()).isEqualTo(header(answer, "X-Invocation-Id"));
    assertThat(problem.get("error").get("type").asText()).isEqualTo(type);
    if (type.equals("argument") && own == 422) {
      assertThat(problem.get("field").asText()).isEqualTo("person.width");
    }
  }

  @Test
  void answersACancelledInvocationWith409() throws Exception {
    HttpResponse<String> answer = platform.post("/function/cancel", "");

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(TestGateway.json(answer).get("detail").asText()).contains("not today");
  }

  @Test
  void namesWhatIsNearAnUnknownFunction() throws Exception {
    HttpResponse<String> answer = platform.post("/function/ecko", "");

    assertThat(answer.statusCode()).isEqualTo(404);
    JsonNode problem = TestGateway.json(answer);
    assertThat(problem.get("code").asText()).isEqualTo("no-such-function");
    assertThat(problem.get("near").get(0).asText()).isEqualTo("echo");
  }

  @Test
  void refusesAnUnknownFunctionBeforeAcceptingAnything() throws Exception {
    assertThat(platform.post("/async-function/nothing", "").statusCode()).isEqualTo(404);
  }

  @Test
  void runsAnAliasOrARevision() throws Exception {
    assertThat(platform.post("/function/echo:live", "1").body()).isEqualTo("1");
    assertThat(platform.post("/function/echo%3Alive", "1").body()).isEqualTo("1");
    assertThat(platform.post("/function/echo@" + revision.brief(), "2").body()).isEqualTo("2");
    assertThat(platform.post("/function/echo:none", "").statusCode()).isEqualTo(404);
    assertThat(platform.post("/function/echo@ffffffff", "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Echo", "-echo", "echo%00", "%2e%2e", "echo@xyz", "echo:", "%ff", "echo%0d%0aX:1"})
  void refusesANameThatIsNone(String name) throws Exception {
    HttpResponse<String> answer = platform.post("/function/" + name, "");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(TestGateway.json(answer).get("code").asText()).isEqualTo("bad-name");
  }

  @Test
  void cancelsTheInvocationWhenItsCallerGoesAway() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(
          "POST /function/hold HTTP/1.1\r\n"
              + "Host: localhost\r\n"
              + "X-Call-Id: leaver\r\n"
              + "Authorization: Bearer "
              + platform.admin
              + "\r\nContent-Length: 0\r\n\r\n");
      await().until(() -> leases.containsKey("leaver"));
    }
    String id = leases.get("leaver").id().toString();
    await()
        .untilAsserted(
            () ->
                assertThat(
                        TestGateway.json(platform.get("/invocations/" + id)).get("state").asText())
                    .isEqualTo("CANCELLED"));
    await()
        .until(
            () ->
                worker.heard(Frame.Revoke.class).stream()
                    .flatMap(revoke -> revoke.leases().stream())
                    .anyMatch(held -> held.id().toString().equals(id)));
  }
}
