package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.session.ScriptedWorker;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@org.junit.jupiter.api.Timeout(60)
class FunctionCallTest {
  @TempDir static Path folder;
  static TestGateway platform;
  static ScriptedWorker worker;
  static RevisionId revision;
  static final Map<String, Lease> leases = new ConcurrentHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    revision = platform.deploy("echo", "fail", "hold", "large", "odd-type", "cancel").revision();
    worker = platform.worker("w1", FunctionCallTest::run);
  }

  @AfterAll
  static void stop() throws Exception {
    worker.cut();
    platform.close();
  }

  private static Optional<Outcome> run(Lease lease) {
    leases.put(lease.callId(), lease);
    return switch (lease.function().value()) {
      case "echo" -> TestGateway.echo(lease);
      case "hold" -> Optional.empty();
      case "odd-type" ->
          Optional.of(
              new Outcome.Success(new Payload.Inline("text/plain\r\nX-Evil: 1", new byte[1])));
      case "cancel" -> Optional.of(new Outcome.Cancelled("not today"));
      case "large" -> {
        Sha256 hash = platform.node.blobs().put(random(3 << 20));
        yield Optional.of(new Outcome.Success(new Payload.Blob("image/png", hash, 3 << 20)));
      }
      default -> {
        String[] wanted =
            new String(
                    ((Payload.Inline) lease.payload()).bytes(),
                    java.nio.charset.StandardCharsets.UTF_8)
                .split(" ", 3);
        FailureCode code = FailureCode.parse(wanted[0]);
        yield Optional.of(
            new Outcome.Failure(
                new Fault(
                    code,
                    wanted[1],
                    "person.width: expected a number, got 'x: y'",
                    "at x",
                    Integer.parseInt(wanted[2]))));
      }
    };
  }

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

  private static String header(HttpResponse<?> answer, String name) {
    return answer
        .headers()
        .firstValue(name)
        .orElseThrow(() -> new AssertionError(name + " is missing in " + answer.headers()));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
