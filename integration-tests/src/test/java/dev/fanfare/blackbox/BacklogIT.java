package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * More is accepted than the heap could hold; it waits on disk, survives a crash, and is drained.
 */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class BacklogIT {
  private static final int PAYLOAD_BYTES = 30_000;
  private static final int SUBMISSIONS = 8_000;
  private static final int AT_ONCE = 50;
  private static final String SMALL_HEAP = "-Xmx192m";

  @TempDir Path home;

  @Test
  void aBacklogLargerThanTheHeapIsDrainedToTheEnd() {
    try (var platform = Platform.upWithJavaOptions(home, SMALL_HEAP, "--no-worker")) {
      platform.deploy(
          TestJar.of(
              home,
              "Length",
              """
              import dev.fanfare.function.Fn;
              public class Length {
                @Fn(concurrency = 4) public int length(String text) { return text.length(); }
              }
              """));
      String body = "\"" + "x".repeat(PAYLOAD_BYTES) + "\"";
      for (int i = 0; i < SUBMISSIONS; i += AT_ONCE) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int j = 0; j < AT_ONCE; j++) {
          answers.add(platform.submit("length", body));
        }
        answers.forEach(
            answer ->
                assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(202));
      }
      Metrics metrics = Metrics.of(platform);
      assertThat(metrics.sum("fanfare_accepted")).isEqualTo(SUBMISSIONS);
      assertThat(metrics.sum("fanfare_backlog")).as("in the ledger alone").isGreaterThan(1_000);
      platform.process().kill();
    }
    try (var platform = Platform.upWithJavaOptions(home, SMALL_HEAP)) {
      Awaitility.await("an empty ledger")
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> Metrics.of(platform).sum("fanfare_accepted") == 0);
      assertThat(Metrics.of(platform).sum("fanfare_settled_total")).isEqualTo(SUBMISSIONS);
    }
  }
}
