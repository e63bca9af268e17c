package dev.fanfare.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A function of which many may run at once, and whose runs are over in no time. */
@Timeout(240)
@ExtendWith(OwnThread.class)
class ShortWorkTest {
  private static final int ENOUGH_TO_KNOW = 40;

  @TempDir private Path blobs;
  private RuntimeHarness runtime;

  @BeforeEach
  void becomeKnownAsShort() {
    runtime = new RuntimeHarness(blobs);
    do {
      for (int i = 0; i < ENOUGH_TO_KNOW; i++) {
        runtime.run(sleep(0));
      }
    } while (!runtime.host.take(leases(sleep(0))));
    runtime.host.work();
    runtime.settled.clear();
  }

  @Test
  void isLeftToTheThreadThatBringsIt() {
    assertThat(runtime.host.take(leases(sleep(0)))).isTrue();
    assertThat(runtime.settled).isEmpty();
    runtime.host.work();
    assertThat(runtime.settled).hasSize(1);
  }

  @Test
  void isSpreadOverThreadsWhenALotComesAtOnce() {
    Lease[] many = new Lease[100_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = sleep(0);
    }
    assertThat(runtime.host.take(leases(many))).isFalse();
    await().until(() -> runtime.settled.size() == many.length);
  }

  @Test
  void doesNotWaitBehindARunThatTurnsOutLong() {
    Lease endless = sleep(60_000);
    Thread reader =
        Thread.ofPlatform()
            .start(() -> runtime.host.received(leases(endless, sleep(0), sleep(0), sleep(0))));
    await()
        .untilAsserted(
            () -> {
              runtime.host.unblock();
              assertThat(runtime.settled).hasSize(3);
            });
    assertThat(runtime.host.take(leases(sleep(0)))).isFalse();

    var held = new Frame.Held(endless.id(), endless.fence());
    runtime.host.received(new Frame.Revoke(List.of(held), "enough"));
    await().until(() -> !reader.isAlive());
    assertThat(runtime.settled)
        .filteredOn(settlement -> settlement.id().equals(endless.id()))
        .singleElement()
        .satisfies(s -> assertThat(s.outcome()).isEqualTo(new Outcome.Cancelled("enough")));
  }

  private Lease sleep(int millis) {
    byte[] body = ("{\"millis\":" + millis + "}").getBytes(UTF_8);
    return runtime.lease("sleep-beside", new Payload.Inline("application/json", body));
  }

  private static Frame.Leases leases(Lease... leases) {
    return new Frame.Leases(List.of(leases));
  }
}
