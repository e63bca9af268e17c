package dev.fanfare.worker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Functions and files that make trouble. */
@Timeout(120)
class WorkerTroubleTest extends WorkerScene {
  @Test
  void aRevisionThatTheGatewayDoesNotHaveFails() throws Exception {
    worker.gateway.blobs.remove(worker.samples.manifest().artifact());
    assertThat(worker.fault("echo", "{}").code()).isEqualTo(FailureCode.NO_SUCH_REVISION);
  }

  @Test
  void aRevisionWithOtherBytesThanItsHashIsNotRun() throws Exception {
    worker.gateway.blobs.put(worker.samples.manifest().artifact(), new byte[] {1, 2, 3});
    Fault fault = worker.fault("echo", "{}");
    assertThat(fault.code()).isEqualTo(FailureCode.NO_SUCH_REVISION);
    assertThat(fault.message()).contains("not those of blob");
  }

  @Test
  void systemExitCrashesTheAttemptOnly() throws Exception {
    Fault fault = worker.fault("exit", "{\"code\":3}");
    assertThat(fault.code()).isEqualTo(FailureCode.CRASHED);
    assertThat(fault.message()).isEqualTo("the function called System.exit (exit code 3)");
    assertThat(worker.text("echo", "1")).isEqualTo("1");
  }

  @Test
  void haltCrashesTheAttemptOnly() throws Exception {
    Fault fault = worker.fault("halt", "{\"code\":7}");
    assertThat(fault.code()).isEqualTo(FailureCode.CRASHED);
    assertThat(fault.message()).contains("exit code 7");
    assertThat(worker.fault("halt", "{\"code\":3}").code()).isEqualTo(FailureCode.CRASHED);
  }

  @Test
  void outOfMemoryIsToldApartFromACrash() throws Exception {
    Fault fault = worker.fault("memory", "");
    assertThat(fault.code()).isEqualTo(FailureCode.OUT_OF_MEMORY);
    assertThat(fault.message()).contains("Java heap space").contains("raise memory");
  }

  @Test
  void anEndlessLoopIsKilledAfterItsTimeout() throws Exception {
    Settlement settlement = worker.run("loop", "");
    Fault fault = ((Outcome.Failure) settlement.outcome()).fault();
    assertThat(fault.code()).isEqualTo(FailureCode.TIMED_OUT);
    assertThat(fault.message())
        .isEqualTo("it ran longer than its timeout of 300ms and was stopped");
    assertThat(worker.text("echo", "1")).isEqualTo("1");
  }

  @Test
  void aTimeoutInterruptsFirstSoThatTheRuntimeStaysWarm() throws Exception {
    assertThat(worker.text("count", "")).isEqualTo("1");
    assertThat(worker.fault("slow", "").code()).isEqualTo(FailureCode.TIMED_OUT);
    assertThat(worker.text("count", "")).isEqualTo("2");
  }

  @Test
  void leakedThreadsHarmNobody() throws Exception {
    assertThat(worker.text("leak", "{\"threads\":50}")).isEqualTo("leaked 50");
    assertThat(worker.text("echo", "1")).isEqualTo("1");
  }

  @Test
  void aKilledProcessIsACrashNamingTheSignal() throws Exception {
    String surroundings = worker.text("surroundings", "");
    long pid = Long.parseLong(surroundings.replaceAll(".*\"pid\":\"(\\d+)\".*", "$1"));
    var sleeping = worker.nap(60_000);
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    Fault fault = ((Outcome.Failure) sleeping.get(30, SECONDS).outcome()).fault();
    assertThat(fault.code()).isEqualTo(FailureCode.CRASHED);
    assertThat(fault.message()).contains("signal 9 (SIGKILL)");
  }

  @Test
  void cancellingStopsWhatRunsAndTellsNobody() throws Exception {
    Lease lease = worker.lease("sleep", "{\"millis\":60000}");
    var _ = worker.gateway.submit(lease);
    await().until(() -> worker.gateway.leased() == 1);
    worker.gateway.revoke(lease, "by its caller");
    await().untilAsserted(() -> assertThat(worker.gateway.free()).isEqualTo(2));
    assertThat(worker.gateway.stale).isEmpty();
    assertThat(worker.text("echo", "1")).isEqualTo("1");
  }

  @Test
  void cancellingAnEndlessLoopKillsItsProcess() throws Exception {
    Lease lease = longer(worker.lease("loop", ""));
    var _ = worker.gateway.submit(lease);
    await().until(() -> worker.gateway.leased() == 1);
    worker.gateway.revoke(lease, "by its caller");
    await().untilAsserted(() -> assertThat(worker.gateway.free()).isEqualTo(2));
  }

  @Test
  void workHeldAheadIsGivenBackWhenTheWorkBeforeItTakesLong() throws Exception {
    for (int i = 0; i < 20; i++) {
      worker.run("sleep", "{\"millis\":0}");
    }
    var calls = new ArrayList<CompletableFuture<Settlement>>();
    for (int i = 0; i < 12; i++) {
      calls.add(worker.submit("sleep", "{\"millis\":" + (i < 2 ? 400 : 0) + "}"));
    }
    for (var call : calls) {
      call.get(30, SECONDS);
    }
    assertThat(worker.gateway.returned).isNotEmpty();
    assertThat(worker.gateway.stale).isEmpty();
  }

  private static Lease longer(Lease lease) {
    return new Lease(
        lease.id(),
        lease.fence(),
        lease.attempt(),
        lease.revision(),
        lease.function(),
        lease.payload(),
        60_000_000,
        "",
        "");
  }
}
