package dev.fanfare.worker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker tells of itself when it is asked. */
@Timeout(120)
class SelfReportTest extends WorkerScene {
  private static final ObjectMapper JSON = new ObjectMapper();

  private long asked;

  @Test
  void whatRunsIsToldWithItsProcess() throws Exception {
    var napping = worker.nap(60_000);

    JsonNode report = report();

    JsonNode nap = report.at("/invocations/0");
    assertThat(nap.path("function").asText()).isEqualTo("nap");
    assertThat(nap.path("state").asText()).isEqualTo("running");
    assertThat(nap.path("revision").asText()).isEqualTo(worker.samples.id().hash().hex());
    assertThat(Instant.parse(nap.path("since").asText())).isBefore(Instant.now());
    assertThat(report.path("attempts").asInt()).isEqualTo(1);
    assertThat(report.path("channels").asInt()).isZero();
    long pid = nap.path("pid").asLong();
    assertThat(ProcessHandle.of(pid)).isPresent();
    JsonNode runtime = of("busy", report).getFirst();
    assertThat(runtime.path("pid").asLong()).isEqualTo(pid);
    assertThat(runtime.path("memory").asLong()).isGreaterThan(1 << 20);
    assertThat(report.path("free").asInt()).isEqualTo(1);
    assertThat(napping).isNotDone();
  }

  @Test
  void whatIsWarmAndCachedIsToldToo() throws Exception {
    assertThat(worker.text("echo", "{}")).isEqualTo("{}");

    await()
        .atMost(30, SECONDS)
        .untilAsserted(
            () -> {
              JsonNode report = report();
              assertThat(of("warm", report)).hasSize(1);
              assertThat(of("blank", report)).hasSize(1);
              assertThat(report.path("invocations")).isEmpty();
              assertThat(report.at("/cached/0").asText())
                  .isEqualTo(worker.samples.id().hash().hex());
            });
  }

  @Test
  void theMachineAndTheVersionsAreTold() throws Exception {
    JsonNode report = report();

    assertThat(report.path("java").asText()).isEqualTo(Runtime.version().toString());
    assertThat(report.path("os").asText()).startsWith(System.getProperty("os.name"));
    assertThat(report.path("version").asText()).isNotEmpty();
    assertThat(report.path("way").asText()).isEqualTo("dials");
    assertThat(report.path("slots").asInt()).isEqualTo(2);
    assertThat(report.path("load").isNumber()).isTrue();
    assertThat(report.path("memory").asLong()).isGreaterThan(report.path("freeMemory").asLong());
    assertThat(report.at("/process/pid").asLong()).isEqualTo(ProcessHandle.current().pid());
  }

  private static List<JsonNode> of(String state, JsonNode report) {
    var found = new ArrayList<JsonNode>();
    for (JsonNode runtime : report.path("runtimes")) {
      if (runtime.path("state").asText().equals(state)) {
        found.add(runtime);
      }
    }
    return found;
  }

  private JsonNode report() throws Exception {
    long sequence = ++asked;
    worker.gateway.inspect(sequence);
    await().atMost(30, SECONDS).until(() -> worker.gateway.conditions.containsKey(sequence));
    return JSON.readTree(worker.gateway.conditions.get(sequence));
  }
}
