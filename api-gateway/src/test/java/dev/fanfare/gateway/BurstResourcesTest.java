package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BurstResourcesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** How many leases the scripted worker takes. */
  private static final int ROOM = 64;

  @TempDir static Path folder;
  static TestGateway platform;
  static ScriptedWorker worker;

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("echo", "never");
    worker =
        platform.worker(
            "w1",
            lease ->
                lease.function().value().equals("never")
                    ? Optional.empty()
                    : TestGateway.echo(lease));
  }

  @AfterAll
  static void stop() throws Exception {
    worker.cut();
    platform.close();
  }

  @Test
  void tellsHowFarABurstIsAndHowItWent() throws Exception {
    String id = run("echo", 500);

    JsonNode burst = json("/v1/bursts/" + id);
    assertThat(burst.get("id").textValue()).isEqualTo(id);
    assertThat(burst.get("function").textValue()).isEqualTo("echo");
    assertThat(burst.get("state").textValue()).isEqualTo("ENDED");
    assertThat(burst.get("submitted").intValue()).isEqualTo(500);
    assertThat(burst.get("succeeded").intValue()).isEqualTo(500);
    assertThat(burst.get("failed").intValue()).isZero();
    assertThat(burst.get("queued").intValue()).isZero();
    assertThat(burst.get("running").intValue()).isZero();
    assertThat(burst.get("rate").doubleValue()).isPositive();
    assertThat(burst.get("endedAt").textValue()).isGreaterThan(burst.get("startedAt").textValue());
    assertThat(burst.get("total").get("p50").doubleValue()).isPositive();
    assertThat(burst.get("results").get("kept").intValue()).isEqualTo(500);
  }

  @Test
  void countsWhatAWorkerHasAsRunningAndTheRestAsQueued() throws Exception {
    try (RawHttp raw = begin("never", 100)) {
      String id = newest("never");
      await()
          .untilAsserted(
              () -> {
                JsonNode burst = json("/v1/bursts/" + id);
                assertThat(burst.get("state").textValue()).isEqualTo("OPEN");
                assertThat(burst.get("running").intValue()).isEqualTo(ROOM);
                assertThat(burst.get("queued").intValue()).isEqualTo(100 - ROOM);
              });

      assertThat(platform.delete("/v1/bursts/" + id).statusCode()).isEqualTo(200);
    }
    worker.send(new dev.fanfare.frame.Frame.Credit(ROOM, List.of()));
  }

  @Test
  void listsTheTenantsBurstsTheNewestFirst() throws Exception {
    String first = run("echo", 1);
    String second = run("echo", 2);

    List<String> ids = new ArrayList<>();
    json("/v1/bursts").get("bursts").forEach(burst -> ids.add(burst.get("id").textValue()));
    assertThat(ids).containsSubsequence(second, first);
    assertThat(MAPPER.readTree(as(new TenantId("other"), "/v1/bursts").body()).get("bursts"))
        .isEmpty();
  }

  @Test
  void anothersBurstsAreAnsweredAsMissing() throws Exception {
    String id = run("echo", 1);

    HttpResponse<String> answer = as(new TenantId("other"), "/v1/bursts/" + id);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("no-such-burst");
    assertThat(as(new TenantId("other"), "/v1/bursts/" + id + "/results").statusCode())
        .isEqualTo(404);
  }

  @Test
  void cancellingIsIdempotentAndEndsEverything() throws Exception {
    try (RawHttp raw = begin("never", 50)) {
      String id = newest("never");
      int before = worker.heard(dev.fanfare.frame.Frame.Revoke.class).size();

      assertThat(platform.delete("/v1/bursts/" + id).statusCode()).isEqualTo(200);
      assertThat(platform.delete("/v1/bursts/" + id).statusCode()).isEqualTo(200);
      raw.send("0\r\n\r\n");

      await().until(() -> json("/v1/bursts/" + id).get("state").textValue().equals("ENDED"));
      JsonNode burst = json("/v1/bursts/" + id);
      assertThat(burst.get("cancelled").booleanValue()).isTrue();
      assertThat(burst.get("cancelledItems").intValue()).isEqualTo(50);
      assertThat(worker.heard(dev.fanfare.frame.Frame.Revoke.class)).hasSizeGreaterThan(before);
      assertThat(platform.delete("/v1/bursts/" + id).statusCode()).isEqualTo(200);
    }
    worker.send(new dev.fanfare.frame.Frame.Credit(50, List.of()));
  }

  @Test
  void followsProgressAsEventsUntilTheEnd() throws Exception {
    try (RawHttp raw = begin("never", 1)) {
      String id = newest("never");
      HttpResponse<InputStream> events =
          platform.http.send(
              platform.to("/v1/bursts/" + id).header("Accept", "text/event-stream").GET().build(),
              BodyHandlers.ofInputStream());
      assertThat(events.headers().firstValue("Content-Type")).contains("text/event-stream");
      try (var lines =
          new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
        assertThat(lines.readLine()).isEqualTo("event: progress");
        assertThat(lines.readLine()).startsWith("data: {\"id\":\"" + id);
        platform.delete("/v1/bursts/" + id);
        raw.send("0\r\n\r\n");
        String rest = lines.lines().collect(Collectors.joining("\n"));
        assertThat(rest).contains("event: ended\ndata: {").contains("\"state\":\"ENDED\"");
      }
    }
    worker.send(new dev.fanfare.frame.Frame.Credit(1, List.of()));
  }

  @Test
  void givesTheKeptResultsAgainAndFollowsThoseToCome() throws Exception {
    int before = worker.leases().size();
    try (RawHttp raw = begin("never", 2)) {
      String id = newest("never");
      await().until(() -> worker.leases().size() == before + 2);
      HttpResponse<InputStream> results =
          platform.http.send(
              platform.to("/v1/bursts/" + id + "/results?follow=true").GET().build(),
              BodyHandlers.ofInputStream());
      try (var lines =
          new BufferedReader(new InputStreamReader(results.body(), StandardCharsets.UTF_8))) {
        worker.finish(
            worker.leases().get(before),
            new Outcome.Success(worker.leases().get(before).payload()));
        assertThat(lines.readLine()).contains("\"state\":\"SUCCEEDED\"");
        worker.finish(
            worker.leases().get(before + 1),
            new Outcome.Success(worker.leases().get(before + 1).payload()));
        raw.send("0\r\n\r\n");
        assertThat(lines.readLine()).contains("\"state\":\"SUCCEEDED\"");
        assertThat(lines.readLine()).isNull();
      }
      assertThat(platform.get("/v1/bursts/" + id + "/results?from=1").body().lines()).hasSize(1);
    }
  }

  @Test
  void saysHowManyResultsAreNoLongerKept() throws Exception {
    String large = "\"" + "x".repeat(30_000) + "\"\n";
    String id = post("echo", large.repeat(1_000));

    HttpResponse<String> results = platform.get("/v1/bursts/" + id + "/results");

    String first = results.body().lines().findFirst().orElseThrow();
    int dropped = MAPPER.readTree(first).get("dropped").intValue();
    assertThat(dropped).isPositive();
    assertThat(results.headers().firstValue("X-Results-Dropped"))
        .contains(Integer.toString(dropped));
    assertThat(results.body().lines()).hasSize(1_000 - dropped + 1);
  }

  @Test
  void drawsATimelineThatIsWellFormedAndRunsNothing() throws Exception {
    String id = run("echo", 300);

    HttpResponse<String> picture = platform.get("/v1/bursts/" + id + "/timeline.svg");

    assertThat(picture.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("image/svg+xml");
    assertThat(picture.headers().firstValue("Content-Security-Policy")).isPresent();
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(picture.body().getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(picture.body()).contains("300 items", "queue", "cold", "run, per item: p50");
  }

  @Test
  void tracesInChromesFormat() throws Exception {
    String id = run("echo", 300);

    JsonNode trace = json("/v1/bursts/" + id + "/trace.json");

    JsonNode events = trace.get("traceEvents");
    assertThat(events.size()).isGreaterThan(300);
    var names = new java.util.TreeSet<String>();
    events.forEach(event -> names.add(event.get("name").textValue()));
    assertThat(names).contains("run", "process_name");
    events.forEach(
        event -> {
          if (event.get("ph").textValue().equals("X")) {
            assertThat(event.get("dur").longValue()).isPositive();
            assertThat(event.get("ts").longValue()).isNotNegative();
          }
        });
  }

  // ---- driving ----

  private static String run(String function, int count) throws Exception {
    return post(
        function, IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining()));
  }

  private static String post(String function, String body) throws Exception {
    HttpResponse<String> answer = platform.post("/function/" + function + "/batch", body);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.headers().firstValue("X-Burst-Id").orElseThrow();
  }

  /** Sends numbers and leaves the request open. */
  private static RawHttp begin(String function, int count) throws Exception {
    String lines = IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
    RawHttp raw = RawHttp.connect(platform.gateway.port());
    raw.send(
        "POST /function/"
            + function
            + "/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + platform.admin
            + "\r\nTransfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(lines.length())
            + "\r\n"
            + lines
            + "\r\n");
    await()
        .until(
            () -> {
              JsonNode newest = json("/v1/bursts").get("bursts").path(0);
              return newest.path("function").asText().equals(function)
                  && newest.path("state").asText().equals("OPEN")
                  && newest.path("submitted").asInt() == count;
            });
    return raw;
  }

  private static String newest(String function) throws Exception {
    JsonNode newest = json("/v1/bursts").get("bursts").get(0);
    assertThat(newest.get("function").textValue()).isEqualTo(function);
    return newest.get("id").textValue();
  }

  private static JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = platform.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return TestGateway.json(answer);
  }

  private static HttpResponse<String> as(TenantId tenant, String path) throws Exception {
    return platform.send(
        HttpRequest.newBuilder(platform.uri(path))
            .header("Authorization", "Bearer " + platform.key(tenant, Scope.VIEWER))
            .GET());
  }
}
