package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that share a ledger in PostgreSQL: one does what the other had accepted. */
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
        accepted.add(id(later(nodes.node(1))));
      }
      nodes.kill(1);

      Awaitility.await("all that the killed node had accepted has ended")
          .atMost(Duration.ofSeconds(90))
          .until(
              () -> {
                accepted.removeIf(id -> state(nodes.node(0), id).equals("SUCCEEDED"));
                return accepted;
              },
              List::isEmpty);
      assertThat(nodes.output()).doesNotContain(SharedNodes.PASSWORD);
      assertThat(nodes.node(0).get("/metrics").body()).doesNotContain(SharedNodes.PASSWORD);
      var doctor =
          nodes.node(0).cli().run("doctor", "--ledger", database.url(SharedNodes.PASSWORD));
      assertThat(doctor.out()).contains("PostgreSQL").doesNotContain(SharedNodes.PASSWORD);
      assertThat(nodes.node(0).cli().run("up", "--help").out())
          .doesNotContain(SharedNodes.PASSWORD);
    }
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
