package dev.fanfare.blackbox;

import static java.util.stream.IntStream.range;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.client.Burst;
import dev.fanfare.client.Ended;
import dev.fanfare.client.Fanfare;
import java.net.URI;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process is lost in the middle of a burst: its client still gets each index exactly once. */
@Timeout(240)
class BurstLossIT {
  private static final int COUNT = 100_000;

  /** So many items have ended when the process is lost; some thousand more are on their way. */
  private static final int STRUCK_AT = 10_000;

  @TempDir Path home;

  @Test
  void everyItemOfALambdaEndsOnceThoughAWorkerIsKilled() {
    try (Platform platform = Platform.up(home, "--no-worker");
        Fanfare fanfare = Fanfare.connect(platform.url(), platform.key())) {
      String token = Workers.joinToken(platform);
      try (var doomed = Workers.start(platform, token, "doomed");
          var other = Workers.start(platform, token, "other")) {
        Workers.awaitConnected(platform, "doomed");
        Workers.awaitConnected(platform, "other");

        try (Burst<Integer> burst = fanfare.map(range(0, COUNT), n -> n)) {
          assertEachEndsOnce(burst, doomed::kill);
        }
        Workers.awaitCount(platform, 1);
      }
    }
  }

  @Test
  void everyItemOfADeployedFunctionEndsOnceThoughAWorkerIsKilled() {
    try (Platform platform = Platform.up(home, "--no-worker");
        Fanfare fanfare = Fanfare.connect(platform.url(), platform.key())) {
      platform.deploy(Platform.examplesJar());
      String token = Workers.joinToken(platform);
      try (var doomed = Workers.start(platform, token, "doomed");
          var other = Workers.start(platform, token, "other")) {
        Workers.awaitConnected(platform, "doomed");
        Workers.awaitConnected(platform, "other");

        try (Burst<Integer> burst =
            fanfare.function("echo-json", Integer.class).map(range(0, COUNT))) {
          assertEachEndsOnce(burst, doomed::kill);
        }
      }
    }
  }

  @Test
  void everyItemEndsOnceThoughTheNodeIsKilledAndStartedAgain() {
    Platform first = Platform.up(home);
    Platform[] second = new Platform[1];
    try (Fanfare fanfare = Fanfare.connect(first.url(), first.key());
        Burst<Integer> burst = fanfare.map(range(0, COUNT), n -> n)) {
      String begun = burst.id();
      assertEachEndsOnce(
          burst,
          () -> {
            first.process().kill();
            second[0] = Platform.upAt(first.url().getPort(), home);
          });
      assertThat(burst.id()).as("the burst began again").isNotEqualTo(begun);
    } finally {
      first.close();
      if (second[0] != null) {
        second[0].close();
      }
    }
  }

  @Test
  void everyItemEndsOnceThoughTheNodeIsStoppedInOrderAndStartedAgain() {
    Platform first = Platform.up(home);
    Platform[] second = new Platform[1];
    try (Fanfare fanfare = Fanfare.connect(first.url(), first.key())) {
      first.deploy(Platform.examplesJar());
      try (Burst<Integer> burst =
          fanfare.function("echo-json", Integer.class).map(range(0, COUNT))) {
        assertEachEndsOnce(
            burst,
            () -> {
              assertThat(first.process().terminate()).isIn(0, 143);
              second[0] = Platform.upAt(first.url().getPort(), home);
            });
      }
    } finally {
      first.close();
      if (second[0] != null) {
        second[0].close();
      }
    }
  }

  @Test
  void everyItemEndsOnceThoughItsGatewayIsKilledWhileOthersLive() {
    try (var cluster = Cluster.start(home, 3)) {
      cluster.node(1).deploy(Platform.examplesJar());
      String token = Workers.joinToken(cluster.node(1));
      try (var one = cluster.worker(token, "one");
          var two = cluster.worker(token, "two");
          Fanfare fanfare = Fanfare.connect(urls(cluster), cluster.node(0).key())) {
        Workers.awaitCount(cluster.node(0), 2);

        try (Burst<Integer> burst = fanfare.map(range(0, COUNT), n -> n)) {
          assertEachEndsOnce(burst, () -> cluster.kill(0));
          assertThat(burst.progress().ended()).as("told by a gateway that is left").isTrue();
        }
        assertThat(one.handle().isAlive() && two.handle().isAlive()).isTrue();
      }
    }
  }

  private static List<URI> urls(Cluster cluster) {
    return Stream.of(cluster.urls().split(",", -1)).map(URI::create).toList();
  }

  private static void assertEachEndsOnce(Burst<Integer> burst, Runnable loss) {
    var seen = new BitSet(COUNT);
    int ended = 0;
    try (Stream<Ended<Integer>> results = burst.asCompleted()) {
      for (Iterator<Ended<Integer>> all = results.iterator(); all.hasNext(); ended++) {
        Ended<Integer> result = all.next();
        assertThat(result).isInstanceOf(Ended.Value.class);
        assertThat(((Ended.Value<Integer>) result).value()).isEqualTo((int) result.index());
        assertThat(seen.get((int) result.index())).as("index %s", result.index()).isFalse();
        seen.set((int) result.index());
        if (ended == STRUCK_AT) {
          loss.run();
        }
      }
    }
    assertThat(ended).isEqualTo(COUNT);
    assertThat(seen.cardinality()).isEqualTo(COUNT);
  }
}
