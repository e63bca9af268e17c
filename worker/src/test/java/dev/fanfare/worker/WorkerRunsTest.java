package dev.fanfare.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Sha256;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker runs, and where. */
@Timeout(120)
class WorkerRunsTest extends WorkerScene {
  @Test
  void aFunctionRunsInItsOwnProcessWithNothingAround() throws Exception {
    assertThat(worker.text("echo", "{\"a\":1}")).isEqualTo("{\"a\":1}");
    String surroundings = worker.text("surroundings", "");
    assertThat(surroundings)
        .containsPattern("\"environment\":\"\\[(FANFARE_RUNTIME|LC_ALL|, ){3}]\"")
        .contains("\"encoding\":\"UTF-8\"")
        .contains("\"folder\":\"" + folder.toAbsolutePath())
        .doesNotContain("\"pid\":\"" + ProcessHandle.current().pid() + "\"");
    assertThat(worker.text("input", "")).isEqualTo("-1");
    assertThat(worker.text("hidden", "")).isEqualTo("hidden");
  }

  @Test
  void figuresComeWithTheOutcome() throws Exception {
    var first = worker.run("sleep", "{\"millis\":30}").usage();
    assertThat(first.coldMicros()).isPositive();
    assertThat(first.runMicros()).isBetween(30_000L, 5_000_000L);
    assertThat(first.peakMemoryBytes()).isPositive();
    assertThat(first.bytesIn()).isEqualTo(13);
    var second = worker.run("sleep", "{\"millis\":1}").usage();
    assertThat(second.coldMicros()).isZero();
  }

  @Test
  void aWarmRuntimeIsUsedAgainAlsoByOtherFunctionsOfItsRevision() throws Exception {
    assertThat(worker.text("count", "")).isEqualTo("1");
    assertThat(worker.text("count", "")).isEqualTo("2");
    assertThat(worker.run("echo", "{}").usage().coldMicros()).isZero();
  }

  @Test
  void manyShortCallsAllComeBack() throws Exception {
    var calls = new ArrayList<CompletableFuture<Settlement>>();
    for (int i = 0; i < 5_000; i++) {
      calls.add(worker.submit("echo", "{\"n\":" + i + "}"));
    }
    for (int i = 0; i < calls.size(); i++) {
      assertThat(StartedWorker.text(calls.get(i).get(60, SECONDS))).isEqualTo("{\"n\":" + i + "}");
    }
    await().untilAsserted(() -> assertThat(worker.gateway.free()).isEqualTo(2));
    assertThat(worker.gateway.warm("echo")).isZero();
  }

  @Test
  void eightRunAtOnceInOneRuntime() throws Exception {
    var calls = new ArrayList<CompletableFuture<Settlement>>();
    for (int i = 0; i < 8; i++) {
      calls.add(worker.submit("together", ""));
    }
    for (var call : calls) {
      assertThat(StartedWorker.text(call.get(30, SECONDS))).isEqualTo("together");
    }
  }

  @Test
  void largeBodiesAndResultsTravelAsBlobs() throws Exception {
    byte[] body = "0123456789".repeat(200_000).getBytes(UTF_8);
    Sha256 hash = Sha256.of(body);
    worker.gateway.blobs.put(hash, body);
    var blob = new Payload.Blob("application/octet-stream", hash, body.length);
    Settlement settlement =
        worker.gateway.submit(worker.lease(worker.samples, "reverse", blob)).get(30, SECONDS);
    var result = (Payload.Blob) ((Outcome.Success) settlement.outcome()).result();
    byte[] reversed = worker.gateway.blobs.get(result.hash());
    assertThat(reversed).hasSize(body.length).startsWith('9', '8', '7');
    assertThat(Sha256.of(reversed)).isEqualTo(result.hash());
  }

  @Test
  void aResultOverTheLimitIsRefused() throws Exception {
    assertThat(worker.fault("big", "{\"size\":9000000}").code())
        .isEqualTo(FailureCode.RESULT_TOO_LARGE);
  }
}
