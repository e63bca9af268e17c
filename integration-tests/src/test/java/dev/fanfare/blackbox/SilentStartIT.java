package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first of three nodes starts while nothing comes back from where the others are to be, not
 * even that nobody is there.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class SilentStartIT {
  private static final int NODES = 3;

  /** It tries each address for four seconds, and not for ever; the rest is for slow machines. */
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  @TempDir Path home;

  @Test
  void aFirstNodeDoesNotWaitForSilentAddressesAndTakesTheOthersInLater() {
    try (var net = Namespaces.make(NODES);
        var database = Database.start(net.server())) {
      net.cut(1, net.address(0));
      net.cut(2, net.address(0));
      long begun = System.nanoTime();
      try (var nodes = SharedNodes.first(home, net, database, NODES)) {
        var took = Duration.ofNanos(System.nanoTime() - begun);
        System.out.println("ready among silent addresses after " + took);
        assertThat(took).as("until the first was ready").isLessThan(LONGEST_START);
        nodes.node(0).deploy(Platform.examplesJar());
        List<String> accepted = new ArrayList<>();
        accepted.add(accept(nodes, 0));

        net.mend(1, net.address(0));
        net.mend(2, net.address(0));
        nodes.others();

        for (int node = 0; node < NODES; node++) {
          accepted.add(accept(nodes, node));
        }
        for (int node = 0; node < NODES; node++) {
          Platform platform = nodes.node(node);
          accepted.forEach(id -> awaitEnd(platform, id));
        }
      }
    }
  }

  private static String accept(SharedNodes nodes, int node) {
    var answer = nodes.submit(node, "hello", "\"silence\"");
    assertThat(answer.statusCode()).as("node %d: %s", node, answer.body()).isEqualTo(202);
    return Platform.json(answer).get("id").asText();
  }

  private static void awaitEnd(Platform node, String id) {
    Awaitility.await(id + " has ended")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> Platform.json(node.get("/invocations/" + id)).path("state").asText(),
            "SUCCEEDED"::equals);
  }
}
