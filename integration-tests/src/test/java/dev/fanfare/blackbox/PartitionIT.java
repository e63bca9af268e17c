package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes that share a ledger in PostgreSQL, in network namespaces: one of them is cut off from
 * the others and the ledger, at first in both directions, then in one, and the network heals.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class PartitionIT {
  private static final int NODES = 3;
  private static final int MOST_OUTSTANDING = 200;

  /** What a gateway may take to answer that its side cannot reach the ledger, and some for us. */
  private static final Duration REFUSAL = Duration.ofSeconds(5);

  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir Path home;

  /** What was accepted where, and every result that was ever read of it. */
  private final ConcurrentMap<String, Integer> accepted = new ConcurrentHashMap<>();

  private final ConcurrentMap<String, String> results = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> contradictions = new ConcurrentHashMap<>();

  @Test
  void whatIsCutOffRefusesNothingAcceptedIsLostAndNothingEndsTwice() {
    try (var net = Namespaces.make(NODES);
        var database = Database.start(net.server());
        var nodes = SharedNodes.start(home, net, database, NODES, () -> {})) {
      nodes.node(0).deploy(jar());
      var done = new AtomicBoolean();
      var load = IntStream.range(0, NODES).mapToObj(i -> load(nodes, i, done)).toList();
      awaitAccepted(0, 1, 2);

      String[] rest = {net.address(1), net.address(2), net.server()};
      net.cut(0, rest);
      net.cut(1, net.address(0));
      net.cut(2, net.address(0));
      refusesSoon(nodes, 0);
      awaitAccepted(1, 2);
      staysRefused(nodes, 0);
      net.mend(0, rest);
      net.mend(1, net.address(0));
      net.mend(2, net.address(0));
      awaitAccepted(0, 1, 2);

      String[] all = {net.address(0), net.address(2), net.server()};
      net.cut(1, all);
      refusesSoon(nodes, 1);
      awaitAccepted(0, 2);
      staysRefused(nodes, 1);
      net.mend(1, all);
      awaitAccepted(0, 1, 2);

      done.set(true);
      load.forEach(PartitionIT::join);
      everythingAcceptedEnds(nodes);
      assertThat(contradictions).as("invocations with two outcomes").isEmpty();
      assertThat(nodes.output()).doesNotContain(SharedNodes.PASSWORD);
    }
  }

  /** A function whose result tells one execution from another. */
  private Path jar() {
    return TestJar.of(
        home,
        "Once",
        """
        import dev.fanfare.function.Fn;
        public class Once {
          @Fn(timeout = "30s")
          public String once(int millis) throws Exception {
            Thread.sleep(millis);
            return java.util.UUID.randomUUID().toString();
          }
        }
        """);
  }

  /** Submits at a node, one after the other, short ones and some longer ones; reads at another. */
  private Thread load(SharedNodes nodes, int node, AtomicBoolean done) {
    return Thread.startVirtualThread(
        () -> {
          for (int i = 0; !done.get(); i++) {
            try {
              readSome(nodes.node((node + 1) % NODES));
              if (accepted.size() - results.size() > MOST_OUTSTANDING) {
                continue;
              }
              var answer = nodes.submit(node, "once", i % 20 == 0 ? "2500" : "20");
              if (answer.statusCode() == 202) {
                accepted.put(Platform.json(answer).get("id").asText(), node);
              }
            } catch (UncheckedIOException e) {
              // not answered in time: then it was not accepted either
            }
          }
        });
  }

  private void readSome(Platform node) {
    accepted.keySet().stream()
        .filter(id -> !results.containsKey(id))
        .limit(3)
        .toList()
        .forEach(id -> read(node, id));
  }

  private static HttpResponse<String> get(Platform node, String path) {
    return node.send(node.request(path).timeout(Duration.ofSeconds(3)).GET().build());
  }

  /** Whether the invocation has ended, as this node sees it. */
  private boolean read(Platform node, String id) {
    try {
      HttpResponse<String> found = get(node, "/invocations/" + id);
      if (found.statusCode() != 200) {
        return false;
      }
      var state = Platform.json(found).get("state").asText();
      if (!List.of("SUCCEEDED", "FAILED", "CANCELLED").contains(state)) {
        return false;
      }
      HttpResponse<String> answer = get(node, "/invocations/" + id + "/result");
      if (answer.statusCode() != 200) {
        return false;
      }
      String result = state + " " + answer.body();
      String before = results.putIfAbsent(id, result);
      if (before != null && !before.equals(result)) {
        contradictions.put(id, before + " and then " + result);
      }
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** From five seconds after the cut every submission is refused, and none hangs until then. */
  private static void refusesSoon(SharedNodes nodes, int node) {
    long cut = System.nanoTime();
    Awaitility.await("node " + node + " refuses").atMost(LONG).until(() -> refused(nodes, node));
    assertThat(Duration.ofNanos(System.nanoTime() - cut))
        .as("until node %d refused", node)
        .isLessThan(REFUSAL.plusSeconds(3));
  }

  /** Until the others have taken it for gone and done without it. */
  private static void staysRefused(SharedNodes nodes, int node) {
    Awaitility.await("node " + node + " refuses while it is cut off")
        .during(Fleet.SILENCE.plusSeconds(3))
        .atMost(LONG)
        .until(() -> refused(nodes, node));
  }

  private static boolean refused(SharedNodes nodes, int node) {
    long begun = System.nanoTime();
    var answer = nodes.submit(node, "once", "1");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(REFUSAL.plusSeconds(3));
    return answer.statusCode() == 503;
  }

  /** Each of these nodes accepts, from now on, something. */
  private void awaitAccepted(int... wanted) {
    var before = Map.copyOf(accepted);
    for (int node : wanted) {
      Awaitility.await("node " + node + " accepts")
          .atMost(LONG)
          .until(
              () ->
                  accepted.entrySet().stream()
                          .filter(
                              one -> one.getValue() == node && !before.containsKey(one.getKey()))
                          .count()
                      >= 5);
    }
  }

  private void everythingAcceptedEnds(SharedNodes nodes) {
    for (int node = 0; node < NODES; node++) {
      Platform platform = nodes.node(node);
      var left = new java.util.ArrayList<>(accepted.keySet());
      Awaitility.await("all that was accepted has ended, read at node " + node)
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                left.removeIf(id -> read(platform, id));
                return left;
              },
              List::isEmpty);
    }
    assertThat(results).allSatisfy((id, result) -> assertThat(result).startsWith("SUCCEEDED"));
  }

  private static void join(Thread thread) {
    try {
      thread.join(Duration.ofSeconds(60));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
