package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes that share a ledger in PostgreSQL, in network namespaces, under load: one of three is cut
 * off from the others and the ledger, in both directions, in one, from the ledger alone, or again
 * and again for moments, or four are cut in halves; and the network heals.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class PartitionIT {
  private static final int FLAPS = 6;
  private static final int MOST_OUTSTANDING = 200;
  private static final int SOME = 200;

  /** It goes on, is not known here, or cannot be told now. */
  private static final Set<Integer> NO_END_YET = Set.of(202, 404, 503);

  /** What a gateway may take to answer that its side cannot reach the ledger, and some for us. */
  private static final Duration REFUSAL = Duration.ofSeconds(5);

  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir Path home;

  /** What was accepted where, and every result that was ever read of it. */
  private final ConcurrentMap<String, Integer> accepted = new ConcurrentHashMap<>();

  private final ConcurrentMap<String, String> results = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> contradictions = new ConcurrentHashMap<>();

  /** What each node answered last, or that it did not. */
  private final ConcurrentMap<Integer, String> said = new ConcurrentHashMap<>();

  @Test
  void whatIsCutOffRefusesNothingAcceptedIsLostAndNothingEndsTwice() {
    underLoad(
        3,
        (net, nodes) -> {
          isolated(net, nodes);
          heardByNobody(net, nodes);
          withoutTheLedger(net, nodes);
          flapping(net);
        });
  }

  @Test
  @Tag("soak")
  void halvesThatBothReachTheLedgerGoOnAndMeetAgain() {
    underLoad(
        4,
        (net, nodes) -> {
          for (int i = 0; i < 3; i++) {
            halve(net::cut, net);
            awaitAccepted(0, 1, 2, 3);
            Awaitility.await("each half takes the other for gone")
                .atMost(LONG)
                .until(() -> knows(nodes, 0, 2) && knows(nodes, 2, 2));
            awaitAccepted(0, 1, 2, 3);
            halve(net::mend, net);
            Awaitility.await("the halves have met")
                .atMost(LONG)
                .until(() -> knows(nodes, 0, 4) && knows(nodes, 2, 4));
            awaitAccepted(0, 1, 2, 3);
          }
        });
  }

  /** What is done to a network with nodes in it. */
  private interface Story {
    void tell(Namespaces net, SharedNodes nodes);
  }

  private void underLoad(int count, Story story) {
    try (var net = Namespaces.make(count);
        var database = Database.start(net.server());
        var nodes = SharedNodes.start(home, net, database, count)) {
      nodes.node(0).deploy(jar());
      var done = new AtomicBoolean();
      var load = IntStream.range(0, count).mapToObj(i -> load(nodes, i, done)).toList();
      try {
        awaitAccepted(IntStream.range(0, count).toArray());
        story.tell(net, nodes);
      } finally {
        done.set(true);
        load.forEach(PartitionIT::join);
      }
      everythingAcceptedEnds(nodes);
      assertThat(contradictions).as("invocations with two outcomes").isEmpty();
      assertThat(nodes.output()).doesNotContain(SharedNodes.PASSWORD);
    }
  }

  /** 1|2: the first is alone and without the ledger. */
  private void isolated(Namespaces net, SharedNodes nodes) {
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
  }

  /** One way: the second hears all others, and none hears it. */
  private void heardByNobody(Namespaces net, SharedNodes nodes) {
    String[] all = {net.address(0), net.address(2), net.server()};
    net.cut(1, all);
    refusesSoon(nodes, 1);
    awaitAccepted(0, 2);
    staysRefused(nodes, 1);
    net.mend(1, all);
    awaitAccepted(0, 1, 2);
  }

  /** The third is a member as before, and has work that it cannot write down the end of. */
  private void withoutTheLedger(Namespaces net, SharedNodes nodes) {
    net.cut(2, net.server());
    refusesSoon(nodes, 2);
    awaitAccepted(0, 1);
    net.mend(2, net.server());
    awaitAccepted(0, 1, 2);
  }

  /** Connections of the first break, or only wait, and are there again. */
  private void flapping(Namespaces net) {
    String[] rest = {net.address(1), net.address(2), net.server()};
    for (int i = 0; i < FLAPS; i++) {
      net.cut(0, rest);
      awaitAccepted(1);
      net.mend(0, rest);
      awaitAccepted(2);
    }
    awaitAccepted(0, 1, 2);
  }

  /** The first two and the last two. */
  private static void halve(BiConsumer<Integer, String[]> change, Namespaces net) {
    for (int node = 0; node < 4; node++) {
      int other = node < 2 ? 2 : 0;
      change.accept(node, new String[] {net.address(other), net.address(other + 1)});
    }
  }

  /** So many workers, each with a session at a node of its own. */
  private static boolean knows(SharedNodes nodes, int node, int workers) {
    return Workers.count(nodes.node(node)) == workers;
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
              readSome(nodes.node((node + 1) % nodes.count()));
              if (accepted.size() - results.size() > MOST_OUTSTANDING) {
                said.put(node, "not asked: so many have no result yet");
                continue;
              }
              keep(node, nodes.submit(node, "once", i % 20 == 0 ? "2500" : "20"));
            } catch (UncheckedIOException e) {
              said.put(node, e.toString()); // then it was not accepted either
            }
          }
        });
  }

  private void keep(int node, HttpResponse<String> answer) {
    said.put(node, answer.statusCode() + " " + answer.body());
    if (answer.statusCode() == 202) {
      accepted.put(Platform.json(answer).get("id").asText(), node);
    }
  }

  /** By chance, so that some which cannot be read for now do not hold up the others. */
  private void readSome(Platform node) {
    var left = unread();
    Collections.shuffle(left);
    left.stream().limit(3).forEach(id -> read(node, id));
  }

  private List<String> unread() {
    var left = new ArrayList<>(accepted.keySet());
    left.removeAll(results.keySet());
    return left;
  }

  private static HttpResponse<String> get(Platform node, String path) {
    return node.send(node.request(path).timeout(Duration.ofSeconds(3)).GET().build());
  }

  /** Whether the invocation has ended, as this node sees it; its end is kept and compared. */
  private boolean read(Platform node, String id) {
    try {
      HttpResponse<String> answer = get(node, "/invocations/" + id + "/result");
      if (NO_END_YET.contains(answer.statusCode())) {
        return false;
      }
      String result = answer.statusCode() + " " + answer.body();
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
  private void refusesSoon(SharedNodes nodes, int node) {
    long cut = System.nanoTime();
    Awaitility.await("node " + node + " refuses")
        .atMost(LONG)
        .until(() -> ask(nodes, node), status -> status == 503);
    assertThat(Duration.ofNanos(System.nanoTime() - cut))
        .as("until node %d refused", node)
        .isLessThan(REFUSAL.plusSeconds(3));
  }

  /** Until the others have taken it for gone and done without it. */
  private void staysRefused(SharedNodes nodes, int node) {
    Awaitility.await("node " + node + " refuses while it is cut off")
        .during(Fleet.SILENCE.plusSeconds(3))
        .atMost(LONG)
        .until(
            () -> {
              assertThat(ask(nodes, node)).as("what a node said that is cut off").isEqualTo(503);
              return true;
            });
  }

  /** Submits something; the answer's status. */
  private int ask(SharedNodes nodes, int node) {
    long begun = System.nanoTime();
    var answer = nodes.submit(node, "once", "1");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(REFUSAL.plusSeconds(3));
    keep(node, answer);
    return answer.statusCode();
  }

  /** Each of these nodes accepts, from now on, something. */
  private void awaitAccepted(int... wanted) {
    var before = Map.copyOf(accepted);
    for (int node : wanted) {
      try {
        Awaitility.await("node " + node + " accepts")
            .atMost(LONG)
            .until(() -> accepted(node) >= accepted(node, before) + 5);
      } catch (ConditionTimeoutException e) {
        throw new AssertionError(
            "%s; %d without a result, nodes said last: %s"
                .formatted(e.getMessage(), unread().size(), said),
            e);
      }
    }
  }

  private long accepted(int node) {
    return accepted(node, accepted);
  }

  private static long accepted(int node, Map<String, Integer> by) {
    return by.values().stream().filter(one -> one == node).count();
  }

  /** As somebody has read; of some, by chance, each node says the same. */
  private void everythingAcceptedEnds(SharedNodes nodes) {
    awaitRead(nodes.node(0), unread());
    for (int node = 0; node < nodes.count(); node++) {
      var some = new ArrayList<>(accepted.keySet());
      Collections.shuffle(some);
      awaitRead(nodes.node(node), new ArrayList<>(some.subList(0, Math.min(SOME, some.size()))));
    }
    assertThat(results).hasSameSizeAs(accepted);
    assertThat(results).allSatisfy((id, result) -> assertThat(result).startsWith("200 "));
  }

  private void awaitRead(Platform node, List<String> left) {
    Awaitility.await("what was accepted has ended, read at " + node.url())
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              left.removeIf(id -> read(node, id));
              return left;
            },
            List::isEmpty);
  }

  private static void join(Thread thread) {
    try {
      thread.join(Duration.ofSeconds(60));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
