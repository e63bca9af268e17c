package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calling functions, and the results of calls. */
@Timeout(60)
class InvokeCommandTest extends CommandScene {
  private static final String RESIZE =
      """
      {"name": "resize", "inputSchema": {"type": "object", "properties": {"width": {"type": "integer"}}}}
      """;

  @Test
  void aResultIsWrittenByteForByte() {
    byte[] bytes = {0, 1, (byte) 0xFF, '\n'};
    platform.on("POST /function/thumbnail", 200, Map.of("Content-Type", "image/png"), bytes);

    assertThat(run("invoke", "thumbnail", "-d", "{}")).isZero();

    assertThat(shell.outBytes()).isEqualTo(bytes);
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void flagsBecomeAnArgumentByTheSchema() {
    platform.on("GET /v1/functions/resize", 200, RESIZE);
    platform.on(
        "POST /function/resize:beta",
        200,
        Map.of("X-Invocation-Id", "01abc", "X-Call-Id", "01abc", "X-Duration-Seconds", "0.0123"),
        new byte[] {'1'});

    assertThat(run("invoke", "resize:beta", "--width", "200", "-v")).isZero();

    assertThat(platform.last().body()).isEqualTo("{\"width\":200}");
    assertThat(platform.last().headers()).containsEntry("Content-type", "application/json");
    assertThat(shell.err().strip()).isEqualTo("succeeded: took 12.3 ms, invocation 01abc");
  }

  @Test
  void parametersNamedLikeOptionsGoBehindTwoDashes() {
    platform.on(
        "GET /v1/functions/copy",
        200,
        "{\"inputSchema\": {\"type\": \"object\", \"properties\": {\"file\": {\"type\":"
            + " \"string\"}}}}");
    platform.on("POST /function/copy", 200, "1");

    assertThat(run("invoke", "copy", "--", "--file", "a")).isZero();

    assertThat(platform.last().body()).isEqualTo("{\"file\":\"a\"}");
  }

  @Test
  void standardInputIsTheBodyWhenItIsAPipe() {
    platform.on("POST /function/word-count", 200, "3");
    shell.piped("a b c\n".getBytes(StandardCharsets.UTF_8));

    assertThat(run("invoke", "word-count")).isZero();

    assertThat(platform.last().body()).isEqualTo("a b c\n");
    assertThat(platform.last().headers())
        .containsEntry("Content-type", "text/plain; charset=utf-8");
  }

  @Test
  void aFileIsTheBodyAndItsNameTellsTheType() throws IOException {
    platform.on("POST /function/resize", 200, "1");
    Path file = Files.writeString(home.resolve("a.json"), "{\"width\": 1}");

    assertThat(run("invoke", "resize", "--file", file.toString())).isZero();

    assertThat(platform.last().body()).isEqualTo("{\"width\": 1}");
    assertThat(platform.last().headers()).containsEntry("Content-type", "application/json");
  }

  @Test
  void anAsynchronousCallPrintsItsId() {
    platform.on("POST /async-function/resize", 202, "{\"id\": \"01abc\", \"state\": \"QUEUED\"}");

    assertThat(run("invoke", "resize", "--async", "-d", "{}", "--priority", "5")).isZero();

    assertThat(shell.out().strip()).isEqualTo("01abc");
    assertThat(platform.last().headers()).containsEntry("X-priority", "5");
  }

  @Test
  void aResultIsWaitedForNoLongerThanTold() {
    platform.on(
        "GET /invocations/01abc/result?wait=2s",
        202,
        "{\"id\": \"01abc\", \"state\": \"RUNNING\"}");

    assertThat(run("result", "01abc", "--wait-for", "2s")).isEqualTo(3);

    assertThat(shell.err()).contains("01abc is running");
  }

  @Test
  void demandsOfACallTravelAsHeaders() {
    platform.on("POST /function/resize", 200, "1");

    assertThat(
            run(
                "invoke",
                "resize",
                "-d",
                "{}",
                "--timeout",
                "1500ms",
                "--constraint",
                "gpu=a100",
                "-H",
                "X-Own: 1"))
        .isZero();

    assertThat(platform.last().headers())
        .containsEntry("X-timeout", "1500ms")
        .containsEntry("X-constraint", "gpu=a100")
        .containsEntry("X-own", "1");
  }

  @Test
  void anAsynchronousCallCanBeWaitedFor() {
    platform.on("POST /async-function/resize", 202, "{\"id\": \"01abc\", \"state\": \"QUEUED\"}");
    platform.on("GET /invocations/01abc/result?wait=3s", 200, "\"done\"");

    assertThat(run("invoke", "resize", "--async", "--wait", "-d", "{}")).isZero();

    assertThat(shell.out()).isEqualTo("\"done\"");
  }

  @Test
  void aFailureTellsCodeMessageAndRemoteStackAndExitsWith1() {
    platform.on(
        "POST /function/resize",
        500,
        Map.of("X-Function-Error", "user-fault", "X-Worker", "w1", "X-Attempt", "2"),
        """
        {"status": 500, "detail": "boom", "code": "user-fault", "invocation": "01abc",
         "error": {"code": "user-fault", "type": "java.lang.IllegalStateException", "message": "boom",
          "stack": "java.lang.IllegalStateException: boom\\n\\tat com.example.Images.resize(Images.java:7)"}}
        """
            .getBytes(StandardCharsets.UTF_8));

    assertThat(run("invoke", "resize", "-d", "{}")).isEqualTo(1);

    assertThat(shell.out()).isEmpty();
    assertThat(shell.err())
        .contains("resize failed: user-fault")
        .contains("java.lang.IllegalStateException: boom")
        .contains("Images.java:7")
        .contains("attempt 2, worker w1, logs: fanfare logs 01abc");
  }

  @Test
  void aWorkerLostIsThePlatformsFaultAndExitsWith3() {
    platform.on(
        "POST /function/resize",
        502,
        Map.of("X-Function-Error", "worker-lost"),
        "{\"detail\": \"three workers were lost\", \"error\": {\"message\": \"lost\"}}"
            .getBytes(StandardCharsets.UTF_8));

    assertThat(run("invoke", "resize", "-d", "{}")).isEqualTo(3);
  }

  @Test
  void anUnknownFunctionExitsWith4() {
    assertThat(run("invoke", "nothing", "-d", "{}")).isEqualTo(4);

    assertThat(shell.out()).isEmpty();
    assertThat(shell.err()).contains("there is no such thing");
  }

  @Test
  void aResultThatIsNotThereYetExitsWith3AndSaysWhy() {
    platform.on(
        "GET /invocations/01abc/result",
        202,
        "{\"id\": \"01abc\", \"state\": \"QUEUED\", \"why\": \"no worker is connected\"}");

    assertThat(run("result", "01abc", "--no-wait")).isEqualTo(3);

    assertThat(shell.err()).contains("01abc is queued: no worker is connected");
  }
}
