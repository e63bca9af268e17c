package dev.fanfare.ledger;

import static dev.fanfare.ledger.HistoryExamples.OK;
import static dev.fanfare.ledger.HistoryExamples.RESIZE;
import static dev.fanfare.ledger.HistoryExamples.ended;
import static dev.fanfare.ledger.HistoryExamples.endedUnder;
import static dev.fanfare.ledger.HistoryExamples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.ledger.InvocationHistory.Kept;
import dev.fanfare.ledger.WorkPages.Cursor;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Submission;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which end stands of work that two nodes may have leased. */
@Timeout(120)
class SharedEndsTest extends SharedLedgerScene {
  @Test
  void theFirstEndStandsWhicheverNodeWroteIt() {
    accept(one, 1);
    var first = ended(id(NOW, 1), RESIZE, OK);
    var second = ended(id(NOW, 1), RESIZE, new Outcome.Cancelled("elsewhere"));
    assertThat(kept(two, first)).isEqualTo(Kept.ALL);
    assertThat(kept(one, second).standing()).containsExactly(first);
    assertThat(page(one)).isEmpty();
  }

  @Test
  void aNodeThatWasCutOffCannotEndWhatAnotherHasLeasedAgain() {
    accept(one, 1);
    accept(one, 2);
    sql("UPDATE " + schema + ".holders SET gone = TRUE WHERE node = 'one'");
    assertThat(takeOver(two)).isEqualTo(2);
    List<Submission> again = page(two).subList(0, 1);
    assertThat(announce(two, again)).isEqualTo(again);
    long fence = again.getFirst().resumed().fence();
    await().atMost(SOON).ignoreExceptions().untilAsserted(() -> accept(one, 3));

    assertThat(kept(one, endedUnder(id(NOW, 1), 7)).superseded()).containsExactly(id(NOW, 1));
    assertThat(two.invocations().find(TenantId.DEFAULT, id(NOW, 1))).isEmpty();
    assertThat(page(two)).extracting(Submission::id).contains(id(NOW, 1));
    assertThat(kept(two, endedUnder(id(NOW, 1), fence + 1))).isEqualTo(Kept.ALL);
    assertThat(one.invocations().find(TenantId.DEFAULT, id(NOW, 1)).orElseThrow().fence())
        .isEqualTo(fence + 1);

    assertThat(kept(one, endedUnder(id(NOW, 2), 7)))
        .as("of a lease that lives on")
        .isEqualTo(Kept.ALL);
    assertThat(page(two)).isEmpty();
  }

  @Test
  void anyNodeMayEndUnderTheFencesThatWereAnnounced() {
    accept(one, 1);
    List<Submission> again = announce(one, page(one));
    assertThat(kept(two, endedUnder(id(NOW, 1), again.getFirst().resumed().fence() + 1)))
        .isEqualTo(Kept.ALL);
    assertThat(page(one)).isEmpty();
  }

  @Test
  void whatHasEndedOrIsAnothersIsNotLeasedAgain() {
    accept(one, 1);
    accept(one, 2);
    List<Submission> read = page(one);
    assertThat(kept(two, endedUnder(id(NOW, 1), 7))).isEqualTo(Kept.ALL);
    assertThat(announce(one, read)).extracting(Submission::id).containsExactly(id(NOW, 2));
    assertThat(announce(two, read)).isEmpty();
  }

  @Test
  void anEndAndTheAnnouncementOfANewLeaseDoNotBothCount() {
    int rounds = 60;
    for (int i = 1; i <= rounds; i++) {
      accept(one, i);
    }
    sql("UPDATE " + schema + ".holders SET gone = TRUE WHERE node = 'one'");
    assertThat(takeOver(two)).isEqualTo(rounds);
    await().atMost(SOON).ignoreExceptions().untilAsserted(() -> accept(one, 1_000));

    for (Submission work : two.accepted().page(RESIZES, Cursor.START, rounds, TWO).work()) {
      var end = one.invocations().append(List.of(ended(work.id(), RESIZE, OK)));
      var again = two.accepted().announce(List.of(work));
      Kept kept = end.toCompletableFuture().join();
      boolean leased = !again.toCompletableFuture().join().isEmpty();
      boolean ended = two.invocations().find(TenantId.DEFAULT, work.id()).isPresent();
      assertThat(ended).as("either ended or leased again").isNotEqualTo(leased);
      assertThat(kept.superseded().contains(work.id())).isEqualTo(leased);
    }
  }

  @Test
  void ofTwoEndsThatAreWrittenAtOnceOneStandsAndBothAreToldIt() {
    for (int i = 1; i <= 60; i++) {
      accept(one, i);
      var end = ended(id(NOW, i), RESIZE, OK);
      var other = ended(id(NOW, i), RESIZE, new Outcome.Cancelled("elsewhere"));
      var first = one.invocations().append(List.of(end));
      var second = two.invocations().append(List.of(other));
      InvocationRecord told = told(first, end);
      assertThat(told(second, other)).isEqualTo(told);
      assertThat(one.invocations().find(TenantId.DEFAULT, id(NOW, i))).contains(told);
    }
    assertThat(page(one)).isEmpty();
  }

  private static InvocationRecord told(CompletionStage<Kept> kept, InvocationRecord end) {
    return kept.toCompletableFuture().join().standing().stream().findFirst().orElse(end);
  }

  @Test
  void whoAnnouncedFencesCanBeSurpassedInItsTurn() {
    accept(one, 1);
    long former = announce(one, page(one)).getFirst().resumed().fence();
    sql("UPDATE " + schema + ".holders SET gone = TRUE WHERE node = 'one'");
    assertThat(takeOver(two)).isEqualTo(1);
    long latter = announce(two, page(two)).getFirst().resumed().fence();
    await().atMost(SOON).ignoreExceptions().untilAsserted(() -> accept(one, 2));

    assertThat(latter).isGreaterThan(former);
    assertThat(kept(one, endedUnder(id(NOW, 1), former + 1)).superseded())
        .containsExactly(id(NOW, 1));
    assertThat(kept(two, endedUnder(id(NOW, 1), latter + 1))).isEqualTo(Kept.ALL);
  }

  @Test
  void anEndThatTheHolderFoundInAShardStandsAgainstTheLeaseThatItAnnounced() {
    accept(one, 1);
    long floor = announce(one, page(one)).getFirst().resumed().fence();
    InvocationRecord found = endedUnder(id(NOW, 1), 7);
    assertThat(kept(one, found)).isEqualTo(Kept.ALL);
    assertThat(kept(two, endedUnder(id(NOW, 1), floor + 1)).standing()).containsExactly(found);
    assertThat(page(one)).isEmpty();
  }

  private static Kept kept(Ledger ledger, InvocationRecord end) {
    return ledger.invocations().append(List.of(end)).toCompletableFuture().join();
  }

  private static List<Submission> announce(Ledger ledger, List<Submission> work) {
    return ledger.accepted().announce(work).toCompletableFuture().join();
  }
}
