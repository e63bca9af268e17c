package dev.fanfare.ledger;

import static dev.fanfare.ledger.HistoryExamples.id;
import static dev.fanfare.ledger.HistoryExamples.submitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.ledger.IdempotencyKeys.Claim;
import dev.fanfare.ledger.IdempotencyKeys.Claimed;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Submission;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many rows a shared ledger is known to have, whatever befalls the connection. */
@Timeout(120)
class SharedCountsTest {
  private static final long NOW = System.currentTimeMillis();
  private static final NodeId NODE = new NodeId("one");
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void whatWasCommittedThoughNobodyWasToldIsCounted() {
    try (Wire wire = new Wire(LedgerPlace.server().getPort());
        Ledger ledger = open("counts_lost", wire.port(), "prepareThreshold=0")) {
      accept(ledger, 7);
      wire.loseCommitOf("INTO accepted");
      assertThat(ledger.accepted().accept(List.of(work(8))).toCompletableFuture())
          .failsWithin(SOON);
      await().atMost(SOON).ignoreExceptions().untilAsserted(() -> accept(ledger, 9));

      assertThat(ledger.accepted().find(TenantId.DEFAULT, id(NOW, 8), NODE)).isPresent();
      assertThat(ledger.accepted().count()).isEqualTo(3);
    }
  }

  @Test
  void whatIsAddedInBatchesIsCountedWhateverTheUrlSaysOfBatches() {
    int port = LedgerPlace.server().getPort();
    try (Ledger ledger = open("counts_batches", port, "reWriteBatchedInserts=true")) {
      accept(ledger, 1, 2, 3);
      assertThat(ledger.accepted().count()).isEqualTo(3);

      var claim = new Claim("key", Sha256.of(new byte[] {1}), id(NOW, 4));
      var both = List.of(new Claimed(work(4), claim), new Claimed(work(5), claim));
      assertThat(ledger.accepted().accept(List.of(work(4), work(5)), both))
          .as("two under one key")
          .failsWithin(SOON);
    }
  }

  private static Ledger open(String schema, int port, String parameter) {
    String url =
        "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&currentSchema=%s&%s"
            .formatted(port, schema, parameter);
    return Ledger.open(LedgerUrl.parse(url), NODE, Retention.DEFAULT, Clock.systemUTC());
  }

  private static void accept(Ledger ledger, int... numbers) {
    List<Submission> work = Arrays.stream(numbers).mapToObj(SharedCountsTest::work).toList();
    ledger.accepted().accept(work).toCompletableFuture().join();
  }

  private static Submission work(int number) {
    return submitted(id(NOW, number), NODE, "123");
  }
}
