package dev.fanfare.benchmark;

import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Submission;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Callers of a ledger alone: each submits its next when its last one is safe. */
final class LedgerCallers {
  private static final Target TARGET =
      new Target(
          TenantId.DEFAULT,
          new FunctionName("echo"),
          new RevisionId(Sha256.of(new byte[] {1})),
          Policy.DEFAULT);
  private static final NodeId NODE = new NodeId("node");
  private static final Payload PAYLOAD =
      new Payload.Inline("application/json", "\"hello\"".getBytes(StandardCharsets.UTF_8));

  private final AcceptedWork ledger;
  private final AtomicLong number = new AtomicLong();
  private final Times times = new Times();
  private final CountDownLatch over;
  private final long end;

  private LedgerCallers(AcceptedWork ledger, int callers, int seconds) {
    this.ledger = ledger;
    this.over = new CountDownLatch(callers);
    this.end = System.nanoTime() + seconds * 1_000_000_000L;
  }

  static Figures run(AcceptedWork ledger, int callers, int seconds) throws InterruptedException {
    var all = new LedgerCallers(ledger, callers, seconds);
    for (int i = 0; i < callers; i++) {
      all.next();
    }
    all.over.await();
    return all.times.figures(1);
  }

  private void next() {
    long begun = System.nanoTime();
    if (begun > end) {
      over.countDown();
      return;
    }
    var _ =
        ledger
            .accept(List.of(work()))
            .whenComplete(
                (safe, failure) -> {
                  if (failure == null) {
                    times.took(System.nanoTime() - begun);
                  }
                  next();
                });
  }

  private Submission work() {
    return new Submission(
        InvocationId.of(System.currentTimeMillis(), 0, number.incrementAndGet()),
        TARGET,
        Requirements.NONE,
        NODE,
        true,
        0,
        2,
        60_000_000,
        0,
        0,
        0,
        "",
        "",
        PAYLOAD);
  }
}
