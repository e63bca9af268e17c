package dev.fanfare.ledger;

import static dev.fanfare.ledger.HistoryExamples.OK;
import static dev.fanfare.ledger.HistoryExamples.RESIZE;
import static dev.fanfare.ledger.HistoryExamples.ended;
import static dev.fanfare.ledger.HistoryExamples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.ledger.DirectoryTable.Row;
import dev.fanfare.ledger.IdempotencyKeys.Claim;
import dev.fanfare.ledger.IdempotencyKeys.Claimed;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Submission;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nodes that share a ledger can rely on. */
@Timeout(120)
class SharedLedgerTest extends SharedLedgerScene {
  @Test
  void whatOneWritesTheOtherReads() {
    done(one.invocations().append(List.of(ended(id(NOW, 1), RESIZE, OK))));
    one.directory().write(List.of(new Row("alias/a", 7, "one", new byte[] {1})));

    assertThat(two.invocations().find(TenantId.DEFAULT, id(NOW, 1))).isPresent();
    assertThat(two.directory().load()).extracting(Row::key).containsExactly("alias/a");
  }

  @Test
  void ofTwoWritesOfOneEntryTheLaterHoldsWhoeverComesLast() {
    one.directory().write(List.of(new Row("alias/a", 9, "one", new byte[] {9})));
    String version = two.directory().version();
    two.directory().write(List.of(new Row("alias/a", 8, "two", new byte[] {8})));
    assertThat(two.directory().load().getFirst().value()).containsExactly(9);
    assertThat(two.directory().version()).isEqualTo(version);
    two.directory().write(List.of(new Row("alias/a", 10, "two", new byte[] {10})));
    assertThat(one.directory().load().getFirst().value()).containsExactly(10);
    assertThat(one.directory().version()).isNotEqualTo(version);
  }

  @Test
  void eachTakesUpItsOwnWorkAndBothFindAll() {
    accept(one, 1);
    accept(two, 2);

    assertThat(page(one)).extracting(Submission::id).containsExactly(id(NOW, 1));
    assertThat(page(two)).extracting(Submission::id).containsExactly(id(NOW, 2));
    assertThat(two.accepted().find(TenantId.DEFAULT, id(NOW, 1), TWO)).isPresent();
    assertThat(two.accepted().findOwn(TenantId.DEFAULT, id(NOW, 1), TWO)).isEmpty();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(one.accepted().count()).isEqualTo(2);
              assertThat(two.accepted().count()).isEqualTo(2);
            });
  }

  @Test
  void aKeyThatTwoUseAtOnceIsTheFirstOnes() {
    var claim = new Claim("k", Sha256.of(new byte[] {1}), id(NOW, 1));
    var other = new Claim("k", Sha256.of(new byte[] {1}), id(NOW, 2));
    done(one.accepted().accept(List.of(work(1)), List.of(new Claimed(work(1), claim))));

    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(
            () ->
                done(two.accepted().accept(List.of(work(2)), List.of(new Claimed(work(2), other)))))
        .havingCause()
        .matches(failure -> failure instanceof LedgerException known && known.isKeyTaken());
    assertThat(two.accepted().keys().find(RESIZES, "k")).contains(claim);
    assertThat(two.accepted().find(TenantId.DEFAULT, id(NOW, 2), TWO)).isEmpty();
  }

  @Test
  void theWorkOfANodeThatLeftIsTakenOverUnderHigherFences() {
    accept(one, 1);
    accept(one, 2);
    long before = page(one).getFirst().resumed().fence();
    one.close();

    assertThat(takeOver(two)).isEqualTo(2);
    assertThat(page(two)).hasSize(2);
    assertThat(page(two).getFirst().resumed().fence()).isGreaterThan(before);
    assertThat(takeOver(two)).isZero();
  }

  @Test
  void aNodeThatComesBackHasWhatNobodyTookOver() {
    accept(one, 1);
    one.close();
    one = open(LedgerPlace.url(schema), ONE);

    assertThat(takeOver(two)).isZero();
    assertThat(page(one)).hasSize(1);
  }

  @Test
  void theWorkOfALivingNodeIsLeftToIt() {
    accept(one, 1);
    assertThat(takeOver(two)).isZero();
    assertThat(page(one)).hasSize(1);
  }

  @Test
  void whoWasTakenForDeadLearnsItBeforeItWritesAnythingMore() {
    var ousted = new AtomicInteger();
    one.accepted().onOusted(ousted::incrementAndGet);
    accept(one, 1);
    long before = page(one).getFirst().resumed().fence();
    sql("UPDATE " + schema + ".holders SET gone = TRUE WHERE node = 'one'");

    await().atMost(SOON).until(() -> ousted.get() > 0);
    accept(one, 2);
    assertThat(page(one)).extracting(Submission::id).contains(id(NOW, 2));
    assertThat(page(one).getFirst().resumed().fence()).isGreaterThan(before);
  }

  @Test
  void aNodeThatFallsSilentInTheMiddleOfATransactionHoldsUpNobody() throws SQLException {
    accept(one, 1);
    one.close();
    String row =
        "UPDATE " + schema + ".holders SET gone = FALSE, seen_at = 'epoch' WHERE node = 'one'";
    sql(row);
    try (var silent = new Postgres(LedgerPlace.url(schema)).writer();
        var statement = silent.createStatement()) {
      statement.execute(row);

      assertThat(takeOver(two)).as("while it has locked its row").isZero();
      accept(two, 2);
      await().atMost(SOON).until(() -> takeOver(two), taken -> taken == 1);
      assertThat(page(two)).hasSize(2);
    }
  }

  @Test
  void connectionsThatEndAreMadeAnew() {
    accept(one, 1);
    sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
            + " 'fanfare'");
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              accept(one, 2);
              assertThat(page(one)).hasSize(2);
            });
  }

  @Test
  void aSilentDatabaseIsToldOfWithinFiveSecondsAndUsedAgainWhenItSpeaks() {
    try (Wire wire = new Wire(LedgerPlace.server().getPort());
        Ledger far = open(LedgerPlace.url(schema, wire.port()), new NodeId("far"))) {
      accept(far, 7);
      wire.fallSilent();
      var begun = System.nanoTime();
      var late = far.accepted().accept(List.of(work(8))).toCompletableFuture();
      assertThat(late).failsWithin(Duration.ofSeconds(8));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
      await().atMost(SOON).until(() -> !far.reachable());
      assertThat(far.accepted().accept(List.of(work(9)))).isCompletedExceptionally();
      assertThatThrownBy(() -> far.accepted().find(TenantId.DEFAULT, id(NOW, 7), ONE))
          .isInstanceOf(LedgerException.class);

      wire.speak();
      await().atMost(SOON).until(far::reachable);
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                accept(far, 10);
                assertThat(far.accepted().find(TenantId.DEFAULT, id(NOW, 7), ONE)).isPresent();
              });
    }
  }

  @Test
  void itIsSavedWithTheDatabasesOwnTools() {
    assertThatThrownBy(one::requireFile)
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("pg_dump");
  }

  @Test
  void nothingThatIsSaidOfALedgerHasItsPassword() {
    LedgerUrl url = LedgerUrl.parse("jdbc:postgresql://127.0.0.1:1/db?user=me&password=canary%21");
    assertThat(url.toString()).isEqualTo("jdbc:postgresql://127.0.0.1:1/db");
    assertThat(url.properties()).containsEntry("password", "canary!");
    assertThatThrownBy(() -> open(url, ONE))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("127.0.0.1:1/db")
        .hasMessageNotContaining("canary");
    assertThatThrownBy(() -> LedgerUrl.parse("postgres://me:canary@host/db"))
        .hasMessageContaining("jdbc:postgresql://")
        .hasMessageNotContaining("canary");
  }
}
