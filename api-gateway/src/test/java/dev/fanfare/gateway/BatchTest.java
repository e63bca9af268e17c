package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.session.ScriptedWorker;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BatchTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir static Path folder;
  static TestGateway platform;
  static ScriptedWorker worker;

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("echo", "bytes", "text", "picky", "large", "never");
    worker = platform.worker("w1", BatchTest::run);
  }

  @AfterAll
  static void stop() throws Exception {
    worker.cut();
    platform.close();
  }

  private static Optional<Outcome> run(Lease lease) {
    return switch (lease.function().value()) {
      case "bytes" -> success("application/octet-stream", new byte[] {1, 2, (byte) 0xff});
      case "text" ->
          success("text/plain; charset=utf-8", "a \"b\"\nü".getBytes(StandardCharsets.UTF_8));
      case "large" -> {
        byte[] body = new byte[100_000];
        java.util.Arrays.fill(body, (byte) ' ');
        body[0] = '1';
        var hash = platform.node.blobs().put(body);
        yield Optional.of(
            new Outcome.Success(new Payload.Blob("application/json", hash, body.length)));
      }
      case "picky" ->
          text(lease).equals("13")
              ? Optional.of(
                  new Outcome.Failure(
                      new Fault(FailureCode.USER_FAULT, "a.B", "not \"13\"", "at a.B", 0)))
              : TestGateway.echo(lease);
      case "never" -> Optional.empty();
      default -> TestGateway.echo(lease);
    };
  }

  private static Optional<Outcome> success(String type, byte[] bytes) {
    return Optional.of(new Outcome.Success(new Payload.Inline(type, bytes)));
  }

  private static String text(Lease lease) {
    return new String(((Payload.Inline) lease.payload()).bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void everyLineGetsALineWithItsIndexAndResult() throws Exception {
    Map<Long, JsonNode> lines = batch("echo", "1\n{\"a\": [1,2]}\r\n\n  \"x\"  \nnull");

    assertThat(lines).hasSize(4);
    assertThat(lines.get(0L).get("result").intValue()).isEqualTo(1);
    assertThat(lines.get(1L).get("result").get("a").get(1).intValue()).isEqualTo(2);
    assertThat(lines.get(2L).get("result").textValue()).isEqualTo("x");
    assertThat(lines.get(3L).get("result").isNull()).isTrue();
    assertThat(lines.values())
        .allSatisfy(
            line -> {
              assertThat(line.get("state").textValue()).isEqualTo("SUCCEEDED");
              assertThat(line.get("id").textValue()).hasSize(26);
            });
  }

  @Test
  void theHeadNamesTheBurstAndComesBeforeTheEndOfTheBody() throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(
          "POST /function/echo/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + platform.admin
              + "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n42\n\r\n");

      assertThat(raw.readHead())
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("x-burst-id: ")
          .containsIgnoringCase("application/x-ndjson");
      raw.send("0\r\n\r\n");
    }
  }

  @Test
  void bytesComeInBase64AndTextAsText() throws Exception {
    JsonNode bytes = batch("bytes", "1").get(0L);
    assertThat(bytes.get("encoding").textValue()).isEqualTo("base64");
    assertThat(Base64.getDecoder().decode(bytes.get("result").textValue()))
        .containsExactly(1, 2, 0xff);
    assertThat(batch("text", "1").get(0L).get("result").textValue()).isEqualTo("a \"b\"\nü");
  }

  @Test
  void aLargeResultIsBroughtIntoItsLine() throws Exception {
    JsonNode line = batch("large", "1").get(0L);

    assertThat(line.get("result").intValue()).isEqualTo(1);
  }

  @Test
  void aFailedItemTellsWhatWhereAndWhichAttempt() throws Exception {
    Map<Long, JsonNode> lines = batch("picky", "12\n13\n14");

    assertThat(lines.get(0L).get("state").textValue()).isEqualTo("SUCCEEDED");
    assertThat(lines.get(2L).get("state").textValue()).isEqualTo("SUCCEEDED");
    JsonNode error = lines.get(1L).get("error");
    assertThat(lines.get(1L).get("state").textValue()).isEqualTo("FAILED");
    assertThat(error.get("code").textValue()).isEqualTo("user-fault");
    assertThat(error.get("type").textValue()).isEqualTo("a.B");
    assertThat(error.get("message").textValue()).isEqualTo("not \"13\"");
    assertThat(error.get("stack").textValue()).isEqualTo("at a.B");
    assertThat(error.get("worker").textValue()).isEqualTo("w1");
    assertThat(error.get("attempt").intValue()).isEqualTo(1);
    assertThat(error.get("line").intValue()).isEqualTo(2);
  }

  @Test
  void aBadLineFailsThatItemWithItsNumberAndTheRestGoesOn() throws Exception {
    Map<Long, JsonNode> lines = batch("echo", "1\n{oops\n\n[1] 2\n4\n");

    assertThat(lines).hasSize(4);
    assertThat(lines.get(3L).get("result").intValue()).isEqualTo(4);
    JsonNode first = lines.get(1L).get("error");
    assertThat(first.get("code").textValue()).isEqualTo("rejected");
    assertThat(first.get("type").textValue()).isEqualTo("bad-line");
    assertThat(first.get("message").textValue()).startsWith("line 2 is not JSON: ");
    assertThat(first.get("line").intValue()).isEqualTo(2);
    assertThat(lines.get(2L).get("error").get("line").intValue()).isEqualTo(4);
  }

  @Test
  void aLineOverTheLimitFailsThatItemAndTheRestGoesOn() throws Exception {
    String tooLong = "\"" + "x".repeat(9 << 20) + "\"";

    Map<Long, JsonNode> lines = batch("echo", "1\n" + tooLong + "\n3");

    assertThat(lines.get(0L).get("result").intValue()).isEqualTo(1);
    assertThat(lines.get(1L).get("error").get("type").textValue()).isEqualTo("line-too-long");
    assertThat(lines.get(2L).get("result").intValue()).isEqualTo(3);
  }

  @Test
  void aLargeItemTravelsAsABlob() throws Exception {
    String large = "\"" + "x".repeat(200_000) + "\"";

    assertThat(batch("echo", large).get(0L).get("result").textValue()).hasSize(200_000);
  }

  @Test
  void orderedResultsComeInTheOrderOfTheLines() throws Exception {
    int count = 5_000;

    List<JsonNode> lines =
        read(platform.post("/function/echo/batch?ordered=true", numbers(count)).body());

    assertThat(lines).hasSize(count);
    for (int i = 0; i < count; i++) {
      assertThat(lines.get(i).get("index").intValue()).isEqualTo(i);
      assertThat(lines.get(i).get("result").intValue()).isEqualTo(i);
    }
  }

  @Test
  void aBatchWithoutLinesIsAnsweredWithoutLines() throws Exception {
    HttpResponse<String> answer = platform.post("/function/echo/batch", "\n\n");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void whatCannotBeginIsRefused() throws Exception {
    assertThat(platform.post("/function/nobody/batch", "1").statusCode()).isEqualTo(404);
    assertThat(platform.post("/function/echo/batch?ordered=perhaps", "1").statusCode())
        .isEqualTo(400);
    assertThat(platform.post("/function/echo/batch?max-in-flight=0", "1").statusCode())
        .isEqualTo(400);
    assertThat(platform.post("/function/echo/batch?sorted=true", "1").body())
        .contains("no parameter 'sorted'", "ordered");
    assertThat(platform.get("/function/echo/batch").statusCode()).isEqualTo(405);
    assertThat(
            platform
                .send(
                    java.net.http.HttpRequest.newBuilder(platform.uri("/function/echo/batch"))
                        .POST(BodyPublishers.ofString("1")))
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void aClientThatGoesAwayCancelsWhatIsLeft() throws Exception {
    String id = leave("/function/never/batch");

    await().until(() -> burst(id).get("state").textValue().equals("ENDED"));
    JsonNode progress = burst(id);
    assertThat(progress.get("cancelled").booleanValue()).isTrue();
    assertThat(progress.get("cancelledItems").intValue()).isEqualTo(2);
  }

  @Test
  void aDetachedBurstGoesOnWithoutItsClientAndKeepsItsResults() throws Exception {
    int before = worker.leases().size();
    String id = leave("/function/never/batch?detach=true");
    await().until(() -> worker.leases().size() >= before + 2);

    worker.leases().stream()
        .skip(before)
        .filter(lease -> lease.function().value().equals("never"))
        .forEach(lease -> worker.finish(lease, new Outcome.Success(lease.payload())));

    await().until(() -> burst(id).get("state").textValue().equals("ENDED"));
    assertThat(burst(id).get("succeeded").intValue()).isEqualTo(2);
    assertThat(read(platform.get("/v1/bursts/" + id + "/results").body()))
        .extracting(line -> line.get("result").intValue())
        .containsExactlyInAnyOrder(1, 2);
  }

  /** Sends two lines, waits for the head, and closes the connection. */
  private static String leave(String path) throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(
          "POST "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + platform.admin
              + "\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n1\n2\n\r\n");
      String head = raw.readHead();
      String id =
          head.lines()
              .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("x-burst-id: "))
              .findFirst()
              .orElseThrow()
              .substring("x-burst-id: ".length());
      await().until(() -> burst(id).get("submitted").intValue() == 2);
      return id;
    }
  }

  private static JsonNode burst(String id) throws Exception {
    return TestGateway.json(platform.get("/v1/bursts/" + id));
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }

  /** The lines by their index, each index once. */
  private static Map<Long, JsonNode> batch(String function, String body) throws Exception {
    HttpResponse<InputStream> answer =
        platform.http.send(
            platform
                .to("/function/" + function + "/batch")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    var lines = new TreeMap<Long, JsonNode>();
    try (var reader =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        JsonNode node = MAPPER.readTree(line);
        assertThat(lines.put(node.get("index").longValue(), node)).isNull();
      }
    }
    return lines;
  }

  private static List<JsonNode> read(String ndjson) throws Exception {
    var lines = new ArrayList<JsonNode>();
    for (String line : (Iterable<String>) ndjson.lines()::iterator) {
      lines.add(MAPPER.readTree(line));
    }
    return lines;
  }
}
