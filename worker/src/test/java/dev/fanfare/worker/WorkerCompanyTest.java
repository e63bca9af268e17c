package dev.fanfare.worker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.FailureCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of invocations that were in a runtime with one that ended it. */
@Timeout(180)
class WorkerCompanyTest extends WorkerScene {
  @Test
  void whatKillsItsRuntimeTakesNobodyWithItHoweverManyDo() throws Exception {
    for (int i = 0; i < 50; i++) {
      worker.run("fragile", "{\"code\":0}");
    }
    List<CompletableFuture<Settlement>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(worker.submit("fragile", "{\"code\":" + (kills(i) ? 9 : 0) + "}"));
    }
    for (int i = 0; i < all.size(); i++) {
      Settlement ended = all.get(i).get(120, SECONDS);
      if (kills(i)) {
        assertThat(StartedWorker.fault(ended).code()).isEqualTo(FailureCode.CRASHED);
      } else {
        assertThat(StartedWorker.text(ended)).as("item %d", i).isEqualTo("0");
      }
    }
    assertThat(worker.gateway.stale).isEmpty();
  }

  /** Many close together, one in the midst of them not; later another. */
  private static boolean kills(int item) {
    return item >= 40 && item < 50 && item != 45 || item == 120;
  }

  @Test
  void ofSeveralThatShareARuntimeOnlyTheOneThatKillsItFails() throws Exception {
    List<CompletableFuture<Settlement>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(worker.submit("fragile-together", "{\"code\":" + (i == 3 ? 9 : 0) + "}"));
    }
    for (int i = 0; i < all.size(); i++) {
      Settlement ended = all.get(i).get(60, SECONDS);
      if (i == 3) {
        assertThat(StartedWorker.fault(ended).code()).isEqualTo(FailureCode.CRASHED);
      } else {
        assertThat(StartedWorker.text(ended)).as("alone at its second attempt").isEqualTo("1");
      }
    }
    assertThat(worker.gateway.lost).hasSize(8);
    assertThat(StartedWorker.fault(worker.gateway.lost.getFirst()).message())
        .contains("which 8 invocations shared")
        .contains("exit code 9");
  }
}
