package dev.fanfare.worker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The worker and its gateway, apart and together. */
@Timeout(120)
class WorkerSessionTest extends WorkerScene {
  @Test
  void aBrokenLinkIsResumedAndWhatRunsGoesOn() throws Exception {
    Path enough = folder.resolve("enough");
    var sleeping = worker.napUntil(enough);
    worker.gateway.breakLink();
    await().until(() -> worker.gateway.hellos.size() == 2);
    assertThat(worker.gateway.hellos.get(1).resume()).contains("resume-me");
    assertThat(worker.gateway.hellos.get(1).held()).hasSize(1);
    Files.createFile(enough);
    Settlement settlement = sleeping.get(30, SECONDS);
    assertThat(settlement.fence()).isEqualTo(1);
    assertThat(settlement.outcome()).isInstanceOf(Outcome.Success.class);
    assertThat(worker.text("echo", "1")).isEqualTo("1");
  }

  @Test
  void whatANewerGatewaySaysIsLeftAlone() throws Exception {
    worker.gateway.say(new Frame.Unknown("dance"));
    assertThat(worker.text("echo", "1")).isEqualTo("1");
    assertThat(worker.gateway.hellos).hasSize(1);
  }

  @Test
  void outcomesThatWereNotAcknowledgedAreSentAgain() throws Exception {
    worker.run("echo", "1");
    worker.gateway.acknowledging = false;
    worker.run("echo", "2");
    worker.gateway.breakLink();
    await().until(() -> !worker.gateway.stale.isEmpty());
    assertThat(worker.gateway.hellos.get(1).held()).hasSize(1);
  }

  @Test
  void aGatewayThatIsAwayIsDialledUntilItIsBack() throws Exception {
    worker.gateway.unreachable = true;
    worker.gateway.breakLink();
    await().until(() -> worker.gateway.free() == 0);
    worker.gateway.unreachable = false;
    assertThat(worker.text("echo", "1")).isEqualTo("1");
  }

  @Test
  void drainingFinishesWhatRunsAndGivesBackTheRest() throws Exception {
    Path enough = folder.resolve("enough");
    var first = worker.napUntil(enough);
    var second = worker.napUntil(enough);
    var third = worker.submit("nap", "{\"millis\":0}");
    var drained = worker.agent.drain(Duration.ofSeconds(60));
    await().until(() -> worker.gateway.drained);
    assertThat(drained.isComplete()).isFalse();
    Files.createFile(enough);
    StartedWorker.get(drained);
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(third).isNotDone();
  }

  @Test
  void aRevisionIsFetchedOnceAndKnownAfterARestart() throws Exception {
    worker.run("echo", "1");
    int fetches = worker.gateway.fetches.size();
    worker.run("echo", "2");
    assertThat(fetches).isEqualTo(2);
    worker.close();
    worker = new StartedWorker(folder);
    worker.run("echo", "3");
    assertThat(worker.gateway.fetches).isEmpty();
  }

  @Test
  void theStatusTellsOfRuntimes() {
    await()
        .until(() -> worker.gateway.status != null && worker.gateway.status.blankRuntimes() == 1);
  }
}
