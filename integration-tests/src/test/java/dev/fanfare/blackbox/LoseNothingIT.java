package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deploys, calls and killed workers at the same time: every invocation ends in one right state. */
class LoseNothingIT {
  private static final int CALLS = 1_000;
  private static final int DEPLOYS = 10;
  @TempDir Path home;

  @Test
  void tenDeploysTwoThousandCallsAndTenKilledWorkersLoseNothing() {
    try (var platform = Platform.up(home, "--no-worker")) {
      platform.deploy(jar(0));
      String token = Workers.joinToken(platform);
      var workers = new ArrayList<LaunchedProcess>();
      try {
        workers.add(Workers.start(platform, token, "first"));
        workers.add(Workers.start(platform, token, "second"));
        Workers.awaitCount(platform, 2);

        var sync = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        var async = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int round = 0; round < DEPLOYS; round++) {
          for (int i = 0; i < CALLS / DEPLOYS; i++) {
            sync.add(platform.callAsync("work", number(i)));
            async.add(platform.submit("work", number(i)));
          }
          workers.add(Workers.start(platform, token, "next-" + round));
          Workers.awaitConnected(platform, "next-" + round);
          workers.removeFirst().kill();
          platform.deploy(jar(round + 1));
        }

        answersAreRight(platform, sync);
        acceptedEndInOneState(platform, async);
        nothingIsLeft(platform);
      } finally {
        workers.forEach(LaunchedProcess::close);
      }
    }
  }

  private static String number(int i) {
    return "{\"number\": " + i + "}";
  }

  /** Another constant each time, so that every deploy is a new revision. */
  private Path jar(int round) {
    return TestJar.of(
        home,
        "Work",
        """
        import dev.fanfare.function.Fn;
        public class Work {
          static final int ROUND = %d;
          @Fn(retries = 3) public int work(int number) throws InterruptedException {
            Thread.sleep(5);
            return number * 2;
          }
        }
        """
            .formatted(round));
  }

  private static void answersAreRight(
      Platform platform, List<CompletableFuture<HttpResponse<String>>> calls) {
    Map<Integer, Integer> statuses = new TreeMap<>();
    for (int i = 0; i < calls.size(); i++) {
      HttpResponse<String> answer = answer(platform, calls.get(i));
      statuses.merge(answer.statusCode(), 1, Integer::sum);
      if (answer.statusCode() == 200) {
        assertThat(answer.body().strip()).isEqualTo(String.valueOf(i % (CALLS / DEPLOYS) * 2));
      }
    }
    assertThat(statuses).as("answers by status").containsOnlyKeys(200);
  }

  private static HttpResponse<String> answer(
      Platform platform, CompletableFuture<HttpResponse<String>> call) {
    try {
      return call.get(60, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException | InterruptedException e) {
      throw new AssertionError(
          "a call has no answer:\n"
              + platform.get("/v1/workers").body()
              + platform.get("/invocations?limit=10").body()
              + String.join("\n", Metrics.of(platform).lines()),
          e);
    }
  }

  private static void acceptedEndInOneState(
      Platform platform, List<CompletableFuture<HttpResponse<String>>> calls) {
    Map<String, Integer> states = new TreeMap<>();
    for (var call : calls) {
      assertThat(call.join().statusCode()).isEqualTo(202);
      String id = Platform.json(call.join()).get("id").asText();
      JsonNode record =
          Awaitility.await("the end of " + id)
              .pollDelay(Duration.ZERO)
              .atMost(Duration.ofSeconds(60))
              .until(
                  () -> Platform.json(platform.get("/invocations/" + id)),
                  r -> r.hasNonNull("endedAt"));
      states.merge(record.get("state").asText(), 1, Integer::sum);
    }
    assertThat(states).containsExactly(Map.entry("SUCCEEDED", calls.size()));
  }

  private static void nothingIsLeft(Platform platform) {
    Awaitility.await("an empty queue")
        .atMost(Duration.ofSeconds(20))
        .until(() -> Metrics.of(platform), m -> m.sum("fanfare_invocations_running") == 0);
    Metrics metrics = Metrics.of(platform);
    assertThat(metrics.sum("fanfare_invocations_queued")).isZero();
    assertThat(metrics.sum("fanfare_invocations_accepted_total"))
        .as("the conservation law")
        .isEqualTo(metrics.sum("fanfare_invocations_ended_total"));
  }
}
