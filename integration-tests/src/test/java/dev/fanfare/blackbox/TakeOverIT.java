package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes that share a ledger in PostgreSQL: one does what the other, the oldest, had accepted.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class TakeOverIT {
  private static final int CALLS = 200;

  @TempDir Path home;

  @Test
  void whatAKilledNodeHadAcceptedForLaterIsDoneByTheOther() {
    try (var database = Database.start("127.0.0.1");
        var nodes = SharedNodes.start(home, database, 2)) {
      nodes.node(0).deploy(Platform.examplesJar());
      String known = id(keyed(nodes.node(1), "once"));
      assertThat(id(keyed(nodes.node(0), "once"))).as("under the same key").isEqualTo(known);
      List<String> accepted = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        accepted.add(id(later(nodes.node(0))));
      }
      nodes.kill(0);

      Awaitility.await("all that the killed node had accepted has ended")
          .atMost(Duration.ofSeconds(90))
          .until(
              () -> {
                accepted.removeIf(id -> state(nodes.node(1), id).equals("SUCCEEDED"));
                return accepted;
              },
              List::isEmpty);
      assertThat(nodes.output()).doesNotContain(SharedNodes.PASSWORD);
      assertThat(nodes.node(1).get("/metrics").body()).doesNotContain(SharedNodes.PASSWORD);
      var doctor =
          nodes.node(1).cli().run("doctor", "--ledger", database.url(SharedNodes.PASSWORD));
      assertThat(doctor.out()).contains("PostgreSQL").doesNotContain(SharedNodes.PASSWORD);
      assertThat(nodes.node(1).cli().run("up", "--help").out())
          .doesNotContain(SharedNodes.PASSWORD);
    }
  }

  @AtEachFailpoint
  @Tag("soak")
  void whatANodeHadAcceptedThatEndedAtTheWorstMomentIsDoneByTheOther(String place) {
    try (var database = Database.start("127.0.0.1");
        var nodes = SharedNodes.start(home, database, 2, "-Dfanfare.failpoint=" + place + ":150")) {
      nodes.node(0).deploy(Platform.examplesJar());
      Map<String, String> accepted = new TreeMap<>();
      String unanswered = submitUntilItEnds(nodes.node(0), accepted);
      assertThat(accepted).isNotEmpty();
      String again = acceptedAtLast(nodes.node(1), unanswered);
      assertThat(id(keyed(nodes.node(1), unanswered))).as("under one key").isEqualTo(again);
      accepted.put(unanswered, again);

      var left = new ArrayList<>(accepted.values());
      Awaitility.await("all that was accepted has ended")
          .atMost(Duration.ofSeconds(90))
          .until(
              () -> {
                left.removeIf(id -> state(nodes.node(1), id).equals("SUCCEEDED"));
                return left;
              },
              List::isEmpty);
      accepted.forEach((key, id) -> assertThat(id(keyed(nodes.node(1), key))).isEqualTo(id));
    }
  }

  /** The key of the submission that had no answer; of all before it, the ids. */
  private static String submitUntilItEnds(Platform node, Map<String, String> accepted) {
    for (int i = 0; i < 1_000; i++) {
      String key = "key-" + i;
      try {
        accepted.put(key, id(keyed(node, key)));
      } catch (UncheckedIOException ended) {
        return key;
      }
    }
    throw new AssertionError("it did not end");
  }

  /** The other node may take a moment to do without the one that ended. */
  private static String acceptedAtLast(Platform node, String key) {
    return id(
        Awaitility.await("it is accepted")
            .atMost(Duration.ofSeconds(60))
            .until(() -> keyed(node, key), answer -> answer.statusCode() == 202));
  }

  private static HttpResponse<String> later(Platform node) {
    return node.send(
        node.request("/async-function/hello?delay=PT6S")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("\"later\""))
            .build());
  }

  private static HttpResponse<String> keyed(Platform node, String key) {
    return node.send(
        node.request("/async-function/hello")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString("\"once\""))
            .build());
  }

  private static String id(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return Platform.json(answer).get("id").asText();
  }

  private static String state(Platform node, String id) {
    return Platform.json(node.get("/invocations/" + id)).path("state").asText();
  }
}
