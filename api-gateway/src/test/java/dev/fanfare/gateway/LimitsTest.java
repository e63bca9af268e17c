package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.key.Scope;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LimitsTest {
  private static final long LIMIT = 64L << 20;
  private static final int CONNECTIONS = 20;
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir static Path folder;
  static TestGateway platform;
  static ScriptedWorker worker;

  @BeforeAll
  static void start() throws Exception {
    platform =
        TestGateway.start(
            folder,
            GatewayConfiguration.DEFAULT
                .at("127.0.0.1", 0)
                .limits(LIMIT, LIMIT, 1 << 20)
                .connections(new ConnectionLimits(SECOND, SECOND, SECOND, SECOND, CONNECTIONS)));
    platform.deploy("echo");
    worker = platform.worker("w1", TestGateway::echo);
  }

  @AfterAll
  static void stop() throws Exception {
    worker.cut();
    platform.close();
  }

  @Test
  void refusesABodyWhoseLengthIsOverTheLimitBeforeItComes() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(head("POST /function/echo", "Content-Length: " + (LIMIT + 1)));

      assertThat(raw.readHead())
          .startsWith("HTTP/1.1 413 ")
          .containsIgnoringCase("connection: close");
    }
  }

  @Test
  void forgetsConnectionsHoweverTheyEnd() throws Exception {
    try (RawHttp refused = RawHttp.connect(platform.gateway.port());
        RawHttp broken = RawHttp.connect(platform.gateway.port())) {
      refused.send(head("POST /function/echo", "Content-Length: " + (LIMIT + 1)));
      refused.readHead();
      broken.send(head("POST /function/echo", "Content-Length: 100"));
    }

    await().until(() -> platform.gateway.connections() == 0);
  }

  @Test
  void doesNotAskForABodyOverTheLimit() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(
          head("POST /function/echo", "Expect: 100-continue\r\nContent-Length: " + (LIMIT + 1)));

      assertThat(raw.readHead()).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void asksForABodyWithinTheLimit() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(head("POST /function/echo", "Expect: 100-continue\r\nContent-Length: 2"));
      assertThat(raw.readHead()).startsWith("HTTP/1.1 100 ");
      raw.send("42");

      assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void refusesABodyInChunksOnceItIsOverTheLimitAndKeepsNothingOfIt() throws Exception {
    long heap = usedHeap();
    var endless = new Zeros(LIMIT + (1 << 20));

    HttpResponse<String> answer =
        platform.http.send(
            platform.to("/function/echo").POST(BodyPublishers.ofInputStream(() -> endless)).build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(TestGateway.json(answer).get("detail").asText()).contains(Long.toString(LIMIT));
    assertThat(answer.headers().firstValue("connection")).contains("close");
    assertThat(usedHeap() - heap).isLessThan(LIMIT / 2);
    await().untilAsserted(() -> assertThat(unfinished()).isZero());
  }

  @Test
  void leavesNothingOnDiskWhenTheCallerGoesAwayInMidBody() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(head("POST /function/echo", "Content-Length: " + (8 << 20)));
      raw.send(new byte[1 << 20]);
      await().until(() -> unfinished() > 0);
    }

    await().untilAsserted(() -> assertThat(unfinished()).isZero());
  }

  @Test
  void takesABodyOfExactlyTheLimit() throws Exception {
    HttpResponse<Void> answer =
        platform.http.send(
            platform
                .to("/function/echo")
                .POST(BodyPublishers.ofInputStream(() -> new Zeros(LIMIT)))
                .build(),
            BodyHandlers.discarding());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(LIMIT);
  }

  @Test
  void refusesAJarOverItsOwnLimit() throws Exception {
    HttpResponse<String> answer =
        platform.send(
            platform
                .to("/v1/functions")
                .POST(BodyPublishers.ofInputStream(() -> new Zeros(2 << 20))));

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void refusesADocumentThatIsTooLarge() throws Exception {
    assertThat(platform.post("/v1/workers/join-tokens", " ".repeat(100_000)).statusCode())
        .isEqualTo(413);
  }

  @Test
  void servesTheNextRequestOnAConnectionWhoseSmallBodyWasNotWanted() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(
          head("POST /function/nothing", "Content-Length: 5")
              + "hello"
              + head("POST /function/echo", "Content-Length: 2")
              + "42");

      assertThat(raw.readHead()).startsWith("HTTP/1.1 404 ");
      assertThat(raw.readHead()).contains("HTTP/1.1 200 ");
    }
  }

  @Test
  void refusesAnEndlessBodyThatNobodyWants() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(head("GET /healthz", "Transfer-Encoding: chunked"));
      assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");

      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> {
                while (true) {
                  raw.send("1000\r\n" + "x".repeat(4096) + "\r\n");
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusesARequestLineThatIsTooLong() throws Exception {
    assertThat(exchange("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .contains(" 414 ");
  }

  @Test
  void refusesHeadersThatAreTooLarge() throws Exception {
    assertThat(
            exchange(
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Large: "
                    + "x".repeat(40_000)
                    + "\r\n\r\n"))
        .contains(" 431 ");
  }

  @Test
  void refusesWhatIsNoHttp() throws Exception {
    assertThat(exchange("hello\r\n\r\n")).contains(" 400 ");
    assertThat(exchange(head("POST /function/echo", "Content-Length: x"))).contains(" 400 ");
    assertThat(exchange(head("POST /function/echo", "Content-Length: 1\r\nContent-Length: 2")))
        .contains(" 400 ");
  }

  @Test
  void servesNoBodyWhoseChunksAreBroken() throws Exception {
    assertThat(exchange(head("POST /function/echo", "Transfer-Encoding: chunked") + "zz\r\n"))
        .doesNotContain(" 200 ");
  }

  @Test
  void closesAConnectionThatSendsNoHeaders() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send("GET /healthz HT");

      assertThat(raw.readToEnd()).isEmpty();
    }
  }

  @Test
  void closesAConnectionThatIsIdle() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");

      assertThat(raw.readToEnd()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void keepsAConnectionWhoseCallTakesLongerThanTheIdleTime() throws Exception {
    HttpResponse<String> answer = platform.post("/function/echo?delay=PT3S", "\"late\"");

    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void keepsAWorkersSessionWhateverTheIdleTime() throws Exception {
    var client = platform.vertx.createWebSocketClient();
    var socket = TestGateway.get(client.connect(session()));
    await().during(Duration.ofSeconds(4)).until(() -> !socket.isClosed());
    TestGateway.get(socket.close());
    TestGateway.get(client.close());
  }

  @Test
  void forgetsWebSocketsThatWereClosed() throws Exception {
    var client = platform.vertx.createWebSocketClient();
    WebSocketConnectOptions session = session();
    for (int i = 0; i < 2 * CONNECTIONS; i++) {
      TestGateway.get(TestGateway.get(client.connect(session)).close());
    }
    TestGateway.get(client.close());
    await().until(() -> platform.gateway.connections() == 0);
  }

  @Test
  void closesConnectionsOverTheCap() throws Exception {
    List<RawHttp> open = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        open.add(RawHttp.connect(platform.gateway.port()));
      }
      try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
        assertThat(raw.readToEnd()).isEmpty();
      }
    } finally {
      for (RawHttp raw : open) {
        raw.close();
      }
    }
  }

  private static WebSocketConnectOptions session() {
    return new WebSocketConnectOptions()
        .setHost("127.0.0.1")
        .setPort(platform.gateway.port())
        .setURI("/v1/session")
        .addHeader("Authorization", "Bearer " + platform.key(TenantId.DEFAULT, Scope.WORKER));
  }

  private static String exchange(String request) throws IOException {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(request);
      return raw.readToEnd();
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

  private static long unfinished() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.getParent().endsWith("unfinished"))
          .filter(Files::isRegularFile)
          .count();
    }
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** So many zero bytes, made as they are read. */
  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long size) {
      left = size;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int some = (int) Math.min(left, length);
      left -= some;
      return some;
    }
  }
}
