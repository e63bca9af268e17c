package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Work that kills its worker each time it runs is not run for ever. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class PoisonIT {
  /** The first attempt, and three losses more. */
  private static final int MOST_EXECUTIONS = 4;

  @TempDir Path home;

  @Test
  void workThatKillsWorkersEndsAsLostAlsoWhenTheNodeIsKilledMeanwhile() throws Exception {
    Path executions = home.resolve("executions");
    try (var cluster = Cluster.start(home, 1)) {
      String token = Workers.joinToken(cluster.node(0));
      cluster.node(0).deploy(jar(executions));
      LaunchedProcess worker = cluster.worker(token, "victim");
      try {
        String id = Platform.json(cluster.node(0).submit("poison", "{}").join()).get("id").asText();
        for (int killed = 1; killed <= MOST_EXECUTIONS; killed++) {
          LaunchedProcess doomed = worker;
          Awaitility.await("death of worker " + killed)
              .atMost(Duration.ofSeconds(60))
              .until(() -> !doomed.handle().isAlive());
          if (killed == 2) {
            cluster.kill(0);
            cluster.restart(0);
          }
          doomed.close();
          worker = cluster.worker(token, "victim");
        }

        JsonNode end =
            Awaitility.await("the end")
                .atMost(Duration.ofSeconds(60))
                .until(
                    () -> Platform.json(cluster.node(0).get("/invocations/" + id)),
                    record -> record.hasNonNull("endedAt"));
        assertThat(end.get("state").asText()).isEqualTo("FAILED");
        assertThat(end.at("/error/code").asText()).isEqualTo("worker-lost");
        assertThat(Files.readAllLines(executions)).hasSize(MOST_EXECUTIONS);
        assertThat(cluster.node(0).get("/v1/dead-letters").body()).contains(id);
        assertThat(worker.handle().isAlive()).as("the last worker").isTrue();
      } finally {
        worker.close();
      }
    }
  }

  /** It is written down as running before it strikes, as whatever takes a while to kill. */
  private Path jar(Path executions) {
    return TestJar.of(
        home,
        "Poison",
        """
        import dev.fanfare.function.Fn;
        import dev.fanfare.function.Invocation;
        import java.nio.file.*;
        public class Poison {
          @Fn public void poison(Invocation invocation) throws Exception {
            Files.writeString(Path.of("%s"), invocation.attempt() + " " + invocation.fence() + "\\n",
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            Thread.sleep(1_500);
            ProcessHandle.current().parent().orElseThrow().destroyForcibly();
            Thread.sleep(30_000);
          }
        }
        """
            .formatted(executions));
  }
}
