package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.session.ScriptedWorker;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send or read slowly, each with time-outs of a second. */
@Timeout(60)
class SlowClientsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int RESULT_BYTES = 24 << 20;

  @TempDir static Path folder;
  static TestGateway platform;
  ScriptedWorker worker;
  static String result;

  @BeforeAll
  static void start() throws Exception {
    var limits = new ConnectionLimits(SECOND, SECOND.multipliedBy(2), SECOND, SECOND, 100);
    platform =
        TestGateway.start(
            folder, GatewayConfiguration.DEFAULT.at("127.0.0.1", 0).connections(limits));
    platform.deploy("echo");
    ScriptedWorker worker = platform.worker("first", TestGateway::echo);
    HttpResponse<Void> large =
        platform.http.send(
            platform
                .to("/function/echo")
                .POST(BodyPublishers.ofByteArray(new byte[RESULT_BYTES]))
                .build(),
            BodyHandlers.discarding());
    assertThat(large.statusCode()).isEqualTo(200);
    result =
        "/invocations/" + large.headers().firstValue("X-Invocation-Id").orElseThrow() + "/result";
    worker.cut();
  }

  @BeforeEach
  void join() {
    worker = platform.worker("w1", TestGateway::echo);
  }

  @AfterEach
  void leave() {
    worker.cut();
  }

  @AfterAll
  static void stop() throws Exception {
    platform.close();
  }

  @Test
  void headersThatDripAreNotWaitedFor() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

      often().until(() -> refused(raw, "x"));
    }
  }

  @Test
  void neitherAreThoseOfALaterRequest() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
      raw.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

      often().until(() -> refused(raw, "x"));
    }
  }

  @Test
  void aBodyThatDripsIsNotWaitedFor() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(head("POST /function/echo", "Content-Length: 100000"));

      often().until(() -> refused(raw, "x"));
    }
  }

  @Test
  void aBodyThatDripsToDiskIsNotWaitedFor() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(head("POST /function/echo", "Transfer-Encoding: chunked"));
      raw.send("1\r\nx\r\n");

      often().until(() -> refused(raw, "1\r\nx\r\n"));
    }
  }

  @Test
  void aBodyThatTakesLongAndKeepsComingIsServed() throws Exception {
    int pieces = 30;
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(head("POST /function/echo", "Content-Length: " + pieces * 1_000));
      var sent = new AtomicInteger();
      often()
          .until(
              () -> {
                raw.send("x".repeat(1_000));
                return sent.incrementAndGet() == pieces;
              });

      assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void aReaderThatStopsIsCutOff() throws Exception {
    try (RawHttp raw = RawHttp.connectWithLittleRoom(platform.gateway.port())) {
      raw.send(head("GET " + result, "X-Nothing: more"));
      assertThat(raw.readHead()).contains("content-length: " + RESULT_BYTES);

      await().until(() -> platform.gateway.connections() == 0);
      assertThat(raw.readToEnd().length()).isLessThan(RESULT_BYTES);
    }
  }

  @Test
  void aCallerThatAsksOnAndOnAndNeverReadsIsCutOff() throws Exception {
    String question = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1_000);
    try (RawHttp raw = RawHttp.connectWithLittleRoom(platform.gateway.port())) {
      var asked = new AtomicInteger();
      var asking =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!refused(raw, question)) {
                      asked.incrementAndGet();
                    }
                  });

      await().until(() -> !asking.isAlive());
      assertThat(asked).hasValueLessThan(2_000);
    }
  }

  @Test
  void aReaderThatIsSlowGetsItAll() throws Exception {
    try (RawHttp raw = RawHttp.connectWithLittleRoom(platform.gateway.port())) {
      raw.send(head("GET " + result, "X-Nothing: more"));
      raw.readHead();
      var received = new AtomicInteger();

      often().until(() -> received.addAndGet(raw.read(RESULT_BYTES / 40)) == RESULT_BYTES);
    }
  }

  @Test
  void theHeadOfALargeResultComesWithoutIt() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(head("HEAD " + result, "Connection: close"));

      assertThat(raw.readToEnd())
          .startsWith("HTTP/1.1 200 ")
          .contains("content-length: " + RESULT_BYTES)
          .endsWith("\r\n\r\n");
    }
  }

  private static ConditionFactory often() {
    return await().pollInterval(Duration.ofMillis(100)).atMost(Duration.ofSeconds(10));
  }

  private static boolean refused(RawHttp raw, String more) {
    try {
      raw.send(more);
      return false;
    } catch (IOException closed) {
      return true;
    }
  }

  private static String head(String line, String headers) {
    return line
        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + platform.admin
        + "\r\n"
        + headers
        + "\r\n\r\n";
  }
}
