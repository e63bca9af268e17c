package dev.fanfare.blackbox;

import dev.fanfare.blackbox.Rounds.Victim;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Between workers and the gateway the network is slow, and connections are reset. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SlowNetworkIT {
  private static final int PIECE_BYTES = 2_048;

  @TempDir Path home;

  @Test
  void aSlowNetworkWhoseConnectionsAreResetBreaksNoPromise() {
    long seed = ThreadLocalRandom.current().nextLong();
    System.out.println("seed " + seed);
    try (var fleet = Fleet.start(home, 1, 2, "");
        var rounds =
            new Rounds(
                fleet,
                home.resolve("history"),
                seed,
                List.of(Victim.LINK),
                Duration.ofSeconds(60))) {
      for (int worker = 0; worker < fleet.workers(); worker++) {
        fleet.tunnels(worker).forEach(way -> way.slow(Duration.ofMillis(15), PIECE_BYTES));
      }
      rounds.check(8);
    }
  }
}
