package dev.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallTest {
  private final FakePlatform platform = new FakePlatform();
  private final Fanfare fanfare = platform.client();

  record Size(int width, int height) {}

  record Meeting(Instant at, Duration length, Optional<String> place) {}

  sealed interface Shape permits Circle, RightTriangle {}

  record Circle(double radius) implements Shape {}

  record RightTriangle(int a, int b) implements Shape {}

  @AfterEach
  void close() {
    fanfare.close();
    platform.close();
  }

  @Test
  void aCallSendsJsonAndReadsTheTypedResult() {
    platform.json("{\"width\":2,\"height\":1,\"added\":\"later\"}");
    Size half = fanfare.function("half", Size.class).call(new Size(4, 2));

    assertThat(half).isEqualTo(new Size(2, 1));
    assertThat(platform.last().line()).isEqualTo("POST /function/half");
    assertThat(platform.last().text()).isEqualTo("{\"width\":4,\"height\":2}");
    assertThat(platform.last().header("Content-Type")).isEqualTo("application/json");
    assertThat(platform.last().header("Authorization")).isEqualTo("Bearer ff_test_secret");
  }

  @Test
  void genericResultsAreRead() {
    platform.json("[{\"width\":1,\"height\":2}]");
    assertThat(fanfare.function("sizes", new TypeReference<List<Size>>() {}).call())
        .containsExactly(new Size(1, 2));
  }

  @Test
  void timesAndOptionalsTravelAsText() {
    var meeting =
        new Meeting(
            Instant.parse("2026-01-02T03:04:05Z"), Duration.ofMinutes(90), Optional.empty());
    platform.json("{\"at\":\"2026-01-02T03:04:05Z\",\"length\":\"PT1H30M\"}");
    assertThat(fanfare.function("plan", Meeting.class).call(meeting)).isEqualTo(meeting);
    assertThat(platform.last().text())
        .isEqualTo("{\"at\":\"2026-01-02T03:04:05Z\",\"length\":\"PT1H30M\",\"place\":null}");
  }

  @Test
  void sealedTypesAreToldApartByTheirTypeField() {
    platform.json("{\"type\":\"right-triangle\",\"a\":3,\"b\":4}");
    Shape shape = fanfare.function("turn", Shape.class).call(new Circle(1.5));
    assertThat(shape).isEqualTo(new RightTriangle(3, 4));
    assertThat(platform.last().text()).isEqualTo("{\"type\":\"circle\",\"radius\":1.5}");

    platform.json("{\"radius\":2}");
    assertThat(fanfare.function("circle", Circle.class).call()).isEqualTo(new Circle(2));
  }

  @Test
  void bytesStreamsAndFilesAreSentAsTheyAre(@TempDir Path folder) throws IOException {
    byte[] bytes = {1, 2, 3, (byte) 0xFF};
    Path file = Files.write(folder.resolve("image"), bytes);
    var function = fanfare.function("resize", byte[].class);
    for (Object argument : List.of(bytes, new ByteArrayInputStream(bytes), file)) {
      platform.answer(200, "application/octet-stream", bytes);
      assertThat(function.call(argument)).isEqualTo(bytes);
      assertThat(platform.last().body()).isEqualTo(bytes);
      assertThat(platform.last().header("Content-Type")).isEqualTo("application/octet-stream");
    }
  }

  @Test
  void textsAreReadFromTextAndFromJson() {
    var hello = fanfare.function("hello", String.class);
    platform.answer(200, "text/plain; charset=utf-8", "Hello, Ådá");
    assertThat(hello.call("Ådá")).isEqualTo("Hello, Ådá");
    assertThat(platform.last().text()).isEqualTo("\"Ådá\"");
    platform.json("\"quoted\"");
    assertThat(hello.call("x")).isEqualTo("quoted");
    platform.json("{\"a\":1}");
    assertThat(hello.call("x")).isEqualTo("{\"a\":1}");
    platform.answer(200, "text/plain", "MINUTES");
    assertThat(fanfare.function("unit", TimeUnit.class).call()).isEqualTo(TimeUnit.MINUTES);
  }

  @Test
  void aFunctionWithoutResultGivesNull() {
    platform.answer(200, "application/json", "");
    assertThat(fanfare.function("sweep", Void.class).call()).isNull();
    assertThat(platform.last().body()).isEmpty();
    platform.answer(200, "application/json", "");
    assertThat(fanfare.function("sweep", Size.class).call()).isNull();
  }

  @Test
  void optionsBecomeHeaders() {
    platform.json("1");
    var options =
        CallOptions.NONE
            .withPriority(-5)
            .withTimeout(Duration.ofMillis(1500))
            .withDeadline(Duration.ofMinutes(2))
            .withCallId("order 7")
            .withDelay(Duration.ofSeconds(10))
            .withConstraints("zone=a", "java>=21");
    fanfare.function("f:beta", Integer.class).with(options).call(Map.of("n", 1));

    var asked = platform.last();
    assertThat(asked.line()).isEqualTo("POST /function/f:beta?delay=PT10S");
    assertThat(asked.header("X-Priority")).isEqualTo("-5");
    assertThat(asked.header("X-Timeout")).isEqualTo("PT1.5S");
    assertThat(asked.header("X-Deadline")).isEqualTo("PT2M");
    assertThat(asked.header("X-Call-Id")).isEqualTo("order 7");
    assertThat(asked.headers().get("X-Constraint")).containsExactly("zone=a", "java>=21");
  }

  @Test
  void aFailureTellsEverythingAndShowsTheRemoteStack() {
    platform.problem(
        500,
        "user-fault",
        """
        ,"invocation":"%s","error":{"code":"user-fault","type":"java.lang.IllegalStateException",
        "message":"no tea","stack":"java.lang.IllegalStateException: no tea\\n\\tat shop.Tea.brew(Tea.java:7)"}
        """
            .formatted(FakePlatform.ID),
        "X-Function-Error",
        "user-fault",
        "X-Worker",
        "w1",
        "X-Attempt",
        "2");
    var failed =
        catchThrowableOfType(
            FunctionFailed.class, () -> fanfare.function("brew", Void.class).call());

    assertThat(failed).hasMessage("user-fault: no tea (invocation " + FakePlatform.ID + ")");
    assertThat(failed.code()).isEqualTo("user-fault");
    assertThat(failed.type()).isEqualTo("java.lang.IllegalStateException");
    assertThat(failed.remoteMessage()).isEqualTo("no tea");
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.invocation()).isEqualTo(FakePlatform.ID);
    assertThat(failed.worker()).hasValue("w1");
    assertThat(failed.attempt()).isEqualTo(2);
    var printed = new StringWriter();
    failed.printStackTrace(new PrintWriter(printed));
    assertThat(printed.toString())
        .contains(
            "Caused by: java.lang.IllegalStateException: no tea\n\tat shop.Tea.brew(Tea.java:7)");
  }

  @Test
  void aRejectKeepsTheStatusThatTheFunctionChose() {
    platform.problem(
        404,
        "rejected",
        ",\"error\":{\"code\":\"rejected\",\"message\":\"no product 'coffee'\",\"stack\":\"\"}",
        "X-Function-Error",
        "rejected");
    var failed =
        catchThrowableOfType(
            FunctionFailed.class, () -> fanfare.function("product", Size.class).call("coffee"));
    assertThat(failed.status()).isEqualTo(404);
    assertThat(failed.remoteMessage()).isEqualTo("no product 'coffee'");
    assertThat(failed).hasNoCause();
    assertThat(failed.worker()).isEmpty();
  }

  @Test
  void whatThePlatformRefusesIsNoFailureOfTheFunction() {
    platform.problem(404, "no-such-function", "");
    var refused =
        catchThrowableOfType(Refused.class, () -> fanfare.function("nothing", Size.class).call());
    assertThat(refused).hasMessage("because of no-such-function (404 no-such-function)");
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.code()).isEqualTo("no-such-function");
    platform.answer(502, "text/html", "<h1>Bad gateway</h1>");
    assertThatThrownBy(() -> fanfare.function("f", Size.class).call())
        .isInstanceOf(Refused.class)
        .hasMessage("<h1>Bad gateway</h1> (502 http-502)");
  }

  @Test
  void aSynchronousCallIsNeverRepeated() {
    platform.problem(503, "no-capacity", "", "Retry-After", "0").json("1");
    assertThatThrownBy(() -> fanfare.function("f", Integer.class).call())
        .isInstanceOf(Refused.class);
    assertThat(platform.asked()).hasSize(1);
  }

  @Test
  void aResultOfAnotherTypeIsSaidInWords() {
    platform.json("{\"width\":\"wide\"}");
    assertThatThrownBy(() -> fanfare.function("f", Size.class).call())
        .isInstanceOf(BadAnswer.class)
        .hasMessageStartingWith("the result is no ")
        .hasMessageContaining("Size");
    platform.answer(200, "application/octet-stream", new byte[] {1});
    assertThatThrownBy(() -> fanfare.function("f", Size.class).call())
        .isInstanceOf(BadAnswer.class)
        .hasMessageContaining("only byte[] takes");
  }

  @Test
  void anArgumentWithoutJsonFormIsTheCallersMistake() {
    assertThatThrownBy(() -> fanfare.function("f", Size.class).call(new Object()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
    assertThat(platform.asked()).isEmpty();
  }

  @Test
  void namesAndOptionsAreChecked() {
    for (String name : List.of("", "Resize", "../v1/keys", "a b", "f?x", "f:", "f@12")) {
      assertThatThrownBy(() -> fanfare.function(name, Void.class))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
    fanfare.function("img.resize@0123ab", Void.class);
    assertThatThrownBy(() -> fanfare.invocation("../keys", Void.class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CallOptions.NONE.withPriority(101))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CallOptions.NONE.withCallId("a\r\nX-Evil: 1"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CallOptions.NONE.withDeadline(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPlatformThatIsNotThereIsUnreachable() throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (var nobody = Fanfare.connect(URI.create("http://127.0.0.1:" + port), "ff_a_b")) {
      assertThatThrownBy(() -> nobody.function("f", Void.class).call())
          .isInstanceOf(Unreachable.class)
          .hasMessageContaining("http://127.0.0.1:" + port)
          .hasMessageContaining("fanfare up");
    }
  }

  @Test
  void anInterruptEndsACallAndStaysSet() throws InterruptedException {
    var thrown = new CompletableFuture<Throwable>();
    var flag = new AtomicBoolean();
    var caller =
        new Thread(
            () -> {
              try {
                fanfare.function("forever", Void.class).call();
              } catch (RuntimeException e) {
                flag.set(Thread.currentThread().isInterrupted());
                thrown.complete(e);
              }
            });
    caller.start();
    await().until(() -> !platform.asked().isEmpty());
    caller.interrupt();
    assertThat(thrown.join()).isInstanceOf(Interrupted.class);
    assertThat(flag).isTrue();
  }

  @Test
  void closingEndsTheCallsThatAreUnderWay() {
    var call = CompletableFuture.runAsync(() -> fanfare.function("forever", Void.class).call());
    await().until(() -> !platform.asked().isEmpty());
    fanfare.close();
    assertThatThrownBy(call::join).hasCauseInstanceOf(Interrupted.class);
    assertThatThrownBy(() -> fanfare.function("f", Void.class).call())
        .isInstanceOf(Interrupted.class)
        .hasMessageContaining("closed");
  }
}
