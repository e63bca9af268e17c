package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.session.ScriptedWorker;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MetricsTest {
  @TempDir static Path folder;
  static TestGateway platform;
  static ScriptedWorker worker;

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("echo", "fail", "hold");
    worker =
        platform.worker(
            "w1",
            lease ->
                switch (lease.function().value()) {
                  case "echo" -> TestGateway.echo(lease);
                  case "fail" -> Optional.of(Outcome.Failure.of(FailureCode.CRASHED, "gone"));
                  default -> Optional.empty();
                });
  }

  @AfterAll
  static void stop() throws Exception {
    worker.cut();
    platform.close();
  }

  @Test
  void countsEveryInvocationInOnePlaceAtEveryMoment() throws Exception {
    for (int i = 0; i < 20; i++) {
      platform.post("/function/echo", "1");
      platform.post("/async-function/hold?delay=1h", "");
      platform.post("/async-function/hold", "");
    }
    for (int i = 0; i < 3; i++) {
      platform.post("/function/fail", "");
    }
    String cancelled =
        TestGateway.json(platform.post("/async-function/hold?delay=1h", "")).get("id").asText();
    platform.delete("/invocations/" + cancelled);
    platform.post("/async-function/hold", "", "X-Constraint", "gpu=a100"); // no worker has one
    CompletableFuture<?> load =
        CompletableFuture.allOf(
            java.util.stream.IntStream.range(0, 200)
                .mapToObj(
                    i ->
                        platform.http.sendAsync(
                            platform.to("/function/echo").POST(BodyPublishers.noBody()).build(),
                            BodyHandlers.discarding()))
                .toArray(CompletableFuture[]::new));
    do {
      conserved(scrape());
    } while (!load.isDone());

    Map<String, Double> metrics = scrape();
    conserved(metrics);
    assertThat(metrics).containsEntry("fanfare_invocations_scheduled", 0.0);
    assertThat(metrics).containsEntry("fanfare_backlog", 20.0); // for later, and on disk till then
    assertThat(metrics).containsEntry("fanfare_accepted", 41.0);
    assertThat(metrics).containsEntry("fanfare_invocations_running", 20.0);
    assertThat(metrics).containsEntry("fanfare_invocations_ended_total{code=\"succeeded\"}", 220.0);
    assertThat(metrics).containsEntry("fanfare_invocations_ended_total{code=\"crashed\"}", 3.0);
    assertThat(metrics).containsEntry("fanfare_invocations_ended_total{code=\"cancelled\"}", 1.0);
    assertThat(metrics).containsEntry("fanfare_submitted_total", 245.0);
    assertThat(metrics).containsEntry("fanfare_settled_total{code=\"succeeded\"}", 220.0);
    assertThat(metrics).containsEntry("fanfare_run_seconds_count{function=\"echo\"}", 220.0);
    assertThat(metrics).containsEntry("fanfare_queue_seconds_count{function=\"echo\"}", 220.0);
    assertThat(metrics.get("fanfare_http_requests_total{status=\"200\"}"))
        .isGreaterThanOrEqualTo(220);
    assertThat(metrics.get("fanfare_http_connections")).isGreaterThanOrEqualTo(1);
    assertThat(metrics).containsEntry("fanfare_workers", 1.0);
    assertThat(metrics.keySet())
        .anyMatch(
            name -> name.startsWith("fanfare_worker_slots{") && name.contains("worker=\"w1\""));
    assertThat(metrics.keySet())
        .anyMatch(name -> name.startsWith("fanfare_queue_depth{function=\"hold\""));
    await().until(() -> scrape().getOrDefault("fanfare_ledger_commit_seconds_count", 0.0) > 0);
  }

  private static void conserved(Map<String, Double> metrics) {
    double ended =
        metrics.entrySet().stream()
            .filter(e -> e.getKey().startsWith("fanfare_invocations_ended_total{"))
            .mapToDouble(Map.Entry::getValue)
            .sum();
    double sum =
        metrics.get("fanfare_invocations_scheduled")
            + metrics.get("fanfare_invocations_queued")
            + metrics.get("fanfare_invocations_running")
            + ended;
    assertThat(sum).isEqualTo(metrics.get("fanfare_invocations_accepted_total"));
  }

  private static Map<String, Double> scrape() throws Exception {
    HttpResponse<String> answer = platform.get("/metrics");
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    var metrics = new TreeMap<String, Double>();
    answer
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              metrics.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
            });
    return metrics;
  }
}
