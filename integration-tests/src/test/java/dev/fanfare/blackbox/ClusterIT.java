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
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes in three processes are one platform, also while one of them is killed and returns.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ClusterIT {
  private static final int CALLS = 2_000;
  private static final int LARGE = 200_000;

  @TempDir Path home;

  /** A call and what it was about. */
  private record Sent(int number, CompletableFuture<HttpResponse<String>> answer) {}

  @Test
  void threeNodesAreOnePlatformAndLoseNothingWhenOneIsKilled() {
    try (var cluster = Cluster.start(home, 3)) {
      String token = Workers.joinToken(cluster.node(0));
      try (var one = cluster.worker(token, "one");
          var two = cluster.worker(token, "two")) {
        cluster.node(0).deploy(jar());
        for (int i = 0; i < 3; i++) {
          Workers.awaitCount(cluster.node(i), 2);
          assertThat(cluster.node(i).call("twice", number(i)).body().strip())
              .as("node %d answers", i)
              .isEqualTo(String.valueOf(2 * i));
        }
        String large = submitLarge(cluster.node(2));

        var sync = new ArrayList<Sent>();
        var async = new ArrayList<Sent>();
        send(cluster, 0, CALLS / 4, 3, sync, async);
        cluster.kill(2);
        send(cluster, CALLS / 4, CALLS / 2, 2, sync, async);
        cluster.restart(2);
        send(cluster, CALLS / 2, CALLS, 3, sync, async);

        everyCallerHasOneRightAnswerOrNone(sync);
        Map<String, Integer> accepted = accepted(async);
        assertThat(accepted).as("accepted").hasSizeGreaterThan(CALLS / 3);
        acceptedEndInOneRightState(cluster, accepted);
        for (int i = 0; i < 3; i++) {
          resultsAreReadAt(cluster.node(i), accepted);
          assertThat(cluster.node(i).get("/invocations/" + large + "/result").body())
              .as("a large result, read at node %d", i)
              .hasSize(LARGE);
        }
        nothingIsLeft(cluster);
        assertThat(one.handle().isAlive() && two.handle().isAlive()).isTrue();
      }
    }
  }

  @Test
  void aNodeThatStopsHandsItsWorkersOverAndLogsAreReadAnywhere() {
    try (var cluster = Cluster.start(home, 2)) {
      String token = Workers.joinToken(cluster.node(1));
      try (var one = cluster.worker(token, "one")) {
        cluster.node(1).deploy(jar());
        Workers.awaitCount(cluster.node(0), 1);
        String id = Platform.json(cluster.node(0).submit("says", "{}").join()).get("id").asText();
        awaitEnd(cluster.node(1), id);
        Awaitility.await("the line at both nodes")
            .atMost(Duration.ofSeconds(10))
            .untilAsserted(
                () -> {
                  for (int i = 0; i < 2; i++) {
                    assertThat(cluster.node(i).get("/invocations/" + id + "/logs").body())
                        .contains("said on purpose");
                  }
                });

        assertThat(cluster.node(1).process().terminate()).isIn(0, 143);

        Workers.awaitCount(cluster.node(0), 1);
        var answer = cluster.node(0).call("twice", number(21));
        assertThat(answer.body().strip()).as(answer.toString()).isEqualTo("42");
        assertThat(cluster.node(0).get("/invocations/" + id).statusCode()).isEqualTo(200);
        assertThat(one.handle().isAlive()).isTrue();
      }
    }
  }

  @Test
  void aNodeThatMayNotOrCannotJoinSaysWhy() {
    try (var cluster = Cluster.start(home, 1)) {
      String there = "127.0.0.1:" + cluster.memberPort(0);
      var stranger = join(there, "--cluster-key", "some-key-of-its-own");
      assertThat(stranger.exit()).isEqualTo(3);
      assertThat(stranger.err()).contains(there, "another cluster", "--cluster");

      var keyless = join(there);
      assertThat(keyless.exit()).isEqualTo(2);
      assertThat(keyless.err()).contains("cluster-key");

      var open = join(there, "--member-host", "0.0.0.0", "--cluster-key", "some-key-of-its-own");
      assertThat(open.exit()).isEqualTo(2);
      assertThat(open.err()).contains("loopback or private");
    }
  }

  private Launcher.Finished join(String there, String... more) {
    var arguments = new ArrayList<>(List.of("node", "--port", "0", "--member-port", "0"));
    arguments.addAll(List.of("--join", there, "--data"));
    arguments.add(home.resolve("stranger-" + more.length).toString());
    arguments.addAll(List.of(more));
    return new Launcher(home).run(arguments.toArray(String[]::new));
  }

  private static String number(int i) {
    return "{\"number\": " + i + "}";
  }

  private Path jar() {
    return TestJar.of(
        home,
        "Work",
        """
        import dev.fanfare.function.Fn;
        public class Work {
          @Fn(retries = 3) public int twice(int number) throws InterruptedException {
            Thread.sleep(2);
            return number * 2;
          }
          @Fn public String large(int number) { return "x".repeat(number); }
          @Fn public void says() { System.out.println("said on purpose"); }
        }
        """);
  }

  private static String submitLarge(Platform node) {
    var answer = node.submit("large", number(LARGE)).join();
    String id = Platform.json(answer).get("id").asText();
    awaitEnd(node, id);
    return id;
  }

  private static void send(
      Cluster cluster, int from, int to, int nodes, List<Sent> sync, List<Sent> async) {
    for (int i = from; i < to; i++) {
      Platform node = cluster.node(i / 2 % nodes);
      if (i % 2 == 0) {
        sync.add(new Sent(i, node.callAsync("twice", number(i))));
      } else {
        async.add(new Sent(i, node.submit("twice", number(i))));
      }
    }
  }

  private static void everyCallerHasOneRightAnswerOrNone(List<Sent> calls) {
    Map<Integer, Integer> statuses = new TreeMap<>();
    for (Sent call : calls) {
      try {
        var answer = call.answer.orTimeout(60, TimeUnit.SECONDS).join();
        statuses.merge(answer.statusCode(), 1, Integer::sum);
        if (answer.statusCode() == 200) {
          assertThat(answer.body().strip()).isEqualTo(String.valueOf(2 * call.number));
        }
      } catch (CompletionException e) {
        assertThat(e).hasCauseInstanceOf(java.io.IOException.class);
        statuses.merge(0, 1, Integer::sum);
      }
    }
    assertThat(statuses.keySet())
        .as("answers by status, 0 for none: " + statuses)
        .isSubsetOf(0, 200, 503);
    assertThat(statuses.getOrDefault(200, 0)).as(statuses.toString()).isGreaterThan(CALLS / 3);
  }

  /** The ids that were given, with what each was about. */
  private static Map<String, Integer> accepted(List<Sent> calls) {
    Map<String, Integer> accepted = new TreeMap<>();
    for (Sent call : calls) {
      try {
        var answer = call.answer.orTimeout(60, TimeUnit.SECONDS).join();
        assertThat(answer.statusCode()).as(answer.body()).isIn(202, 503);
        if (answer.statusCode() == 202) {
          accepted.put(Platform.json(answer).get("id").asText(), call.number);
        }
      } catch (CompletionException e) {
        assertThat(e).hasCauseInstanceOf(java.io.IOException.class);
      }
    }
    return accepted;
  }

  private static void acceptedEndInOneRightState(Cluster cluster, Map<String, Integer> accepted) {
    Map<String, Integer> states = new TreeMap<>();
    int next = 0;
    for (String id : accepted.keySet()) {
      JsonNode record = awaitEnd(cluster.node(next++ % cluster.size()), id);
      states.merge(record.get("state").asText(), 1, Integer::sum);
    }
    assertThat(states).containsExactly(Map.entry("SUCCEEDED", accepted.size()));
  }

  private static JsonNode awaitEnd(Platform node, String id) {
    return Awaitility.await("the end of " + id)
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(60))
        .until(() -> Platform.json(node.get("/invocations/" + id)), r -> r.hasNonNull("endedAt"));
  }

  private static void resultsAreReadAt(Platform node, Map<String, Integer> accepted) {
    accepted.entrySet().stream()
        .limit(100)
        .forEach(
            one ->
                assertThat(node.get("/invocations/" + one.getKey() + "/result").body().strip())
                    .isEqualTo(String.valueOf(2 * one.getValue())));
  }

  private static void nothingIsLeft(Cluster cluster) {
    for (int i = 0; i < cluster.size(); i++) {
      Platform node = cluster.node(i);
      Awaitility.await("an empty queue")
          .atMost(Duration.ofSeconds(20))
          .until(() -> Metrics.of(node).sum("fanfare_invocations_running"), count -> count == 0);
      Metrics metrics = Metrics.of(node);
      assertThat(metrics.sum("fanfare_invocations_queued")).isZero();
      assertThat(metrics.sum("fanfare_invocations_accepted_total"))
          .as("the conservation law, told by node %d", i)
          .isEqualTo(metrics.sum("fanfare_invocations_ended_total"));
    }
  }
}
