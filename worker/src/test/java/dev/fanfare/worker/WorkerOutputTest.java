package dev.fanfare.worker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.LogLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What functions write. */
@Timeout(120)
class WorkerOutputTest extends WorkerScene {
  @Test
  void whatAnAttemptWritesComesBeforeItsOutcome() throws Exception {
    Lease lease = worker.lease("print", "");
    worker.gateway.submit(lease).get(30, SECONDS);
    assertThat(worker.texts(lease))
        .containsExactlyInAnyOrder(
            "out:to out",
            "err:to err",
            "log:logged 7",
            "log:julged",
            "out:from a child",
            "out:unfinished");
  }

  @Test
  void aFloodOfOutputCostsNobodyElse() throws Exception {
    Lease lease = worker.lease("flood", "{\"megabytes\":300}");
    var flood = worker.gateway.submit(lease);
    assertThat(worker.text("echo", "1")).isEqualTo("1");
    flood.get(60, SECONDS);
    var lines = worker.gateway.lines.stream().filter(line -> line.id().equals(lease.id())).toList();
    assertThat(lines).hasSizeLessThanOrEqualTo(LogLine.LINES_PER_ATTEMPT);
    assertThat(lines.getLast().text()).contains("more lines with");
  }

  @Test
  void anEndlessLineIsCut() throws Exception {
    Lease lease = worker.lease("endless-line", "{\"megabytes\":100}");
    worker.gateway.submit(lease).get(60, SECONDS);
    assertThat(worker.texts(lease)).hasSize(1);
    assertThat(worker.texts(lease).getFirst()).hasSize("out:".length() + LogLine.TEXT_LIMIT);
  }
}
