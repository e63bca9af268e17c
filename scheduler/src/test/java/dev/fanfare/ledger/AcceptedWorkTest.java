package dev.fanfare.ledger;

import static dev.fanfare.ledger.HistoryExamples.COUNT;
import static dev.fanfare.ledger.HistoryExamples.OK;
import static dev.fanfare.ledger.HistoryExamples.RESIZE;
import static dev.fanfare.ledger.HistoryExamples.REVISION;
import static dev.fanfare.ledger.HistoryExamples.ended;
import static dev.fanfare.ledger.HistoryExamples.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.ledger.WorkPages.Cursor;
import dev.fanfare.ledger.WorkPages.Page;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Mark;
import dev.fanfare.shard.Submission;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(LedgerPlace.class)
@Timeout(60)
class AcceptedWorkTest {
  private static final long NOW = System.currentTimeMillis();
  private static final NodeId BEFORE = new NodeId("before");
  private static final NodeId AFTER = new NodeId("after");
  private static final Payload TEXT = new Payload.Inline("text/plain", new byte[] {1, 2, 3});
  private static final Queue RESIZES = new Queue(TenantId.DEFAULT, RESIZE);

  @Parameter private LedgerPlace place;
  @TempDir private Path data;
  private DataFolder folder;
  private Ledger ledger;

  @BeforeEach
  void open() {
    folder = DataFolder.open(data);
    ledger = place.open(folder, Retention.DEFAULT, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    ledger.close();
    folder.close();
  }

  @Test
  void workIsFoundAfterReopeningAsItWasSubmitted() {
    Submission work = work(1, RESIZE, 0, 0, TEXT);
    accept(work);
    reopen();

    Submission found = accepted().find(TenantId.DEFAULT, work.id(), AFTER).orElseThrow();

    assertThat(found)
        .usingRecursiveComparison()
        .ignoringFields("origin", "resumed")
        .isEqualTo(work);
    assertThat(found.origin()).isEqualTo(AFTER);
    assertThat(found.resumed().submittedAt()).isEqualTo(NOW * 1_000);
    assertThat(accepted().count()).isEqualTo(1);
    assertThat(accepted().find(new TenantId("other"), work.id(), AFTER)).isEmpty();
  }

  @Test
  void workLeavesInTheTransactionThatWritesItsEnd() {
    Submission work = work(1, RESIZE, 0, 0, TEXT);
    accept(work);
    done(accepted().mark(List.of(new Mark(work.id(), BEFORE, 1, 0, 1, 0, true))));
    done(ledger.invocations().append(List.of(ended(work.id(), RESIZE, OK))));

    assertThat(accepted().find(TenantId.DEFAULT, work.id(), AFTER)).isEmpty();
    assertThat(accepted().count()).isZero();
    assertThat(rows("accepted")).isZero();
    assertThat(rows("attempts")).isZero();
    assertThat(ledger.invocations().find(TenantId.DEFAULT, work.id())).isPresent();
  }

  @Test
  void aSecondEndChangesNothingThatWasRead() {
    Submission work = work(1, RESIZE, 0, 0, TEXT);
    accept(work);
    done(ledger.invocations().append(List.of(ended(work.id(), RESIZE, OK))));
    var other = ended(work.id(), RESIZE, new Outcome.Cancelled("too late"));
    done(ledger.invocations().append(List.of(other)));

    assertThat(ledger.invocations().find(TenantId.DEFAULT, work.id()).orElseThrow().outcome())
        .contains(OK);
  }

  @Test
  void whoComesTooLateIsToldWhichEndStands() {
    Submission work = work(1, RESIZE, 0, 0, TEXT);
    accept(work);
    var first = ended(work.id(), RESIZE, OK);
    var late = ended(work.id(), RESIZE, new Outcome.Cancelled("too late"));

    assertThat(kept(first)).isEmpty();
    assertThat(kept(first)).isEmpty();
    assertThat(kept(late)).containsExactly(first);
  }

  @Test
  void theFirstEndStandsWhateverFencesOthersCarry() {
    for (int i = 1; i <= 2; i++) {
      accept(work(i, RESIZE, 0, 0, TEXT));
      var first = HistoryExamples.endedUnder(id(NOW, i), 10);
      assertThat(kept(first)).isEmpty();
      assertThat(kept(HistoryExamples.endedUnder(id(NOW, i), i == 1 ? 9 : 11)))
          .containsExactly(first);
    }
    reopen();
    assertThat(kept(HistoryExamples.endedUnder(id(NOW, 1), 1L << 40)))
        .containsExactly(HistoryExamples.endedUnder(id(NOW, 1), 10));
  }

  @Test
  void whatARestartLeasesAgainHasFencesAboveAllThatWereGrantedBefore() {
    accept(work(1, RESIZE, 0, 0, TEXT));
    long before = first().resumed().fence();
    done(accepted().mark(List.of(new Mark(id(NOW, 1), BEFORE, 5, 0, before + 1_000_000, 0, true))));
    reopen();
    assertThat(first().resumed().fence()).isGreaterThan(before + 1_000_000);
  }

  private List<InvocationRecord> kept(InvocationRecord end) {
    return ledger.invocations().append(List.of(end)).toCompletableFuture().join().standing();
  }

  @Test
  void acceptingTwiceKeepsTheFirst() {
    accept(work(1, RESIZE, 0, 0, TEXT));
    accept(work(1, RESIZE, 7, 0, Payload.EMPTY));

    assertThat(accepted().count()).isEqualTo(1);
    assertThat(first().priority()).isZero();
  }

  @Test
  void anAttemptThatWasUnderWayIsLostAndOneThatWasNotIsNot() {
    Submission running = work(1, RESIZE, 0, 0, TEXT);
    Submission waiting = work(2, RESIZE, 0, 0, TEXT);
    Submission fresh = work(3, RESIZE, 0, 0, TEXT);
    accept(running, waiting, fresh);
    done(
        accepted()
            .mark(
                List.of(
                    new Mark(running.id(), BEFORE, 1, 0, 1, 0, true),
                    new Mark(waiting.id(), BEFORE, 2, 1, 5, 99, true))));
    done(accepted().mark(List.of(new Mark(waiting.id(), BEFORE, 2, 1, 5, 77, false))));
    reopen();

    List<Submission> found = page(Cursor.START, 10).work();

    assertThat(found).extracting(w -> w.resumed().attempts()).containsExactly(1, 2, 0);
    assertThat(found).extracting(w -> w.resumed().losses()).containsExactly(1, 1, 0);
    assertThat(found.get(1).resumed().dueAt()).isEqualTo(77);
  }

  @Test
  void fencesOfEveryOpeningAreAboveThoseBefore() {
    accept(work(1, RESIZE, 0, 0, TEXT));
    long first = first().resumed().fence();
    reopen();
    long second = first().resumed().fence();
    reopen();

    assertThat(second).isGreaterThan(first + 1_000_000);
    assertThat(first().resumed().fence()).isGreaterThan(second + 1_000_000);
  }

  @Test
  void pagesComeInOrderOfPriorityAndThenAsSubmitted() {
    var all = new ArrayList<Submission>();
    for (int i = 0; i < 25; i++) {
      all.add(work(i, RESIZE, i % 5 == 0 ? 50 : 0, 0, TEXT));
    }
    accept(all.toArray(Submission[]::new));
    accept(work(99, COUNT, 0, 0, TEXT));

    var read = new ArrayList<InvocationId>();
    Page page = page(Cursor.START, 4);
    while (!page.last()) {
      page.work().forEach(w -> read.add(w.id()));
      page = page(page.next(), 4);
    }

    assertThat(read)
        .containsExactlyElementsOf(
            all.stream()
                .sorted(java.util.Comparator.comparingInt((Submission w) -> -w.priority()))
                .map(Submission::id)
                .toList());
    assertThat(accepted().queues())
        .containsExactlyInAnyOrder(RESIZES, new Queue(TenantId.DEFAULT, COUNT));
  }

  @Test
  void aCursorThatIsMovedBackFindsWhatCameBeforeIt() {
    accept(work(5, RESIZE, 0, 0, TEXT), work(6, RESIZE, 0, 0, TEXT));
    Cursor end = page(Cursor.START, 10).next();
    Submission late = work(4, RESIZE, 0, 0, TEXT);
    Submission urgent = work(7, RESIZE, 90, 0, TEXT);
    accept(late, urgent);

    Cursor back = end.before(late).before(urgent);
    assertThat(page(end, 10).work()).isEmpty();
    assertThat(page(back, 10).work()).extracting(Submission::id).startsWith(urgent.id(), late.id());
    assertThat(end.isAfter(urgent)).isTrue();
    assertThat(back.isAfter(work(8, RESIZE, 10, 0, TEXT))).isFalse();
  }

  @Test
  void workForLaterIsReadWhenItsTimeComes() {
    Submission soon = work(1, RESIZE, 0, 1_000, TEXT);
    Submission later = work(2, RESIZE, 0, 2_000, TEXT);
    accept(later, soon);
    InvocationId start = new InvocationId(0, 0);

    assertThat(page(Cursor.START, 10).work()).isEmpty();
    assertThat(accepted().due(1_500, 0, start, 10, AFTER))
        .extracting(Submission::id)
        .containsExactly(soon.id());
    assertThat(accepted().due(2_500, 1_000, soon.id(), 10, AFTER))
        .extracting(Submission::id)
        .containsExactly(later.id());
    assertThat(accepted().firstDue(1_000)).contains(2_000L);
    assertThat(accepted().firstDue(2_000)).isEmpty();
  }

  @Test
  void payloadsThatLieOutsideAreNamedUntilTheWorkEnds() {
    Sha256 hash = Sha256.of(new byte[] {4});
    Submission work = work(1, RESIZE, 0, 0, new Payload.Blob("text/plain", hash, 40_000));
    accept(work);

    assertThat(accepted().payloadBlobs()).containsExactly(hash);
    assertThat(accepted().revisions()).containsExactly(work.target().revision());
    assertThat(first().payload()).isEqualTo(work.payload());
    done(ledger.invocations().append(List.of(ended(work.id(), RESIZE, OK))));
    assertThat(accepted().payloadBlobs()).isEmpty();
    assertThat(accepted().revisions()).isEmpty();
  }

  @Test
  void theNewestAreListedFirst() {
    accept(
        IntStream.range(0, 9)
            .mapToObj(i -> work(i, RESIZE, 0, 0, TEXT))
            .toArray(Submission[]::new));
    accept(work(100, COUNT, 0, 0, TEXT));

    assertThat(accepted().newest(TenantId.DEFAULT, InvocationFilter.newest(3), AFTER))
        .extracting(Submission::id)
        .containsExactly(id(NOW, 100), id(NOW, 8), id(NOW, 7));
  }

  private static Submission work(
      int number, FunctionName function, int priority, long notBefore, Payload payload) {
    return new Submission(
        id(NOW, number),
        new Target(TenantId.DEFAULT, function, REVISION, Policy.DEFAULT),
        Requirements.NONE,
        BEFORE,
        true,
        priority,
        2,
        30_000_000,
        notBefore,
        4,
        5,
        "call",
        "trace",
        payload);
  }

  private void accept(Submission... work) {
    done(accepted().accept(List.of(work)));
  }

  private AcceptedWork accepted() {
    return ledger.accepted();
  }

  private Page page(Cursor after, int most) {
    return accepted().page(RESIZES, after, most, AFTER);
  }

  private Submission first() {
    return page(Cursor.START, 1).work().getFirst();
  }

  private long rows(String table) {
    return ledger.read(
        connection ->
            Sql.query(connection, "SELECT count(*) FROM " + table, row -> row.getLong(1))
                .getFirst());
  }

  private void reopen() {
    close();
    open();
  }

  private static void done(CompletionStage<?> stage) {
    stage.toCompletableFuture().join();
  }
}
