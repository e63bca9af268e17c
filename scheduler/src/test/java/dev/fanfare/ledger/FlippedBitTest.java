package dev.fanfare.ledger;

import static dev.fanfare.ledger.HistoryExamples.COUNT;
import static dev.fanfare.ledger.HistoryExamples.RESIZE;
import static dev.fanfare.ledger.HistoryExamples.REVISION;
import static dev.fanfare.ledger.HistoryExamples.ended;
import static dev.fanfare.ledger.HistoryExamples.id;
import static dev.fanfare.ledger.HistoryExamples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fanfare.frame.LogLine;
import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.ledger.DirectoryTable.Row;
import dev.fanfare.ledger.IdempotencyKeys.Claim;
import dev.fanfare.ledger.IdempotencyKeys.Claimed;
import dev.fanfare.ledger.WorkPages.Cursor;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Mark;
import dev.fanfare.shard.Submission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One bit inside of a value of a ledger's file is not as it was written. */
@Timeout(60)
class FlippedBitTest {
  private static final long NOW = System.currentTimeMillis();
  private static final NodeId NODE = new NodeId("node");
  private static final Queue RESIZES = new Queue(TenantId.DEFAULT, RESIZE);
  private static final Outcome GOOD = success("result-that-is-whole");

  @TempDir private Path data;

  @BeforeEach
  void write() {
    open(
        ledger -> {
          done(ledger.invocations().append(List.of(ended(id(NOW, 1), COUNT, GOOD))));
          done(
              ledger
                  .invocations()
                  .append(List.of(ended(id(NOW, 2), COUNT, success("result-of-the-second")))));
          var claim = new Claim("key-of-the-fourth", Sha256.of(utf8("b")), id(NOW, 4));
          done(
              ledger
                  .accepted()
                  .accept(
                      List.of(work(3, "payload-of-the-third"), work(4, "payload-of-the-fourth")),
                      List.of(new Claimed(work(4, "payload-of-the-fourth"), claim))));
          done(ledger.accepted().accept(List.of(work(5, "payload-of-the-fifth"))));
          done(
              ledger
                  .invocations()
                  .append(List.of(ended(id(NOW, 5), RESIZE, HistoryExamples.BROKEN))));
          done(
              ledger
                  .logs()
                  .append(List.of(line(1, "line-that-is-whole"), line(2, "line-that-is-not"))));
          ledger
              .directory()
              .write(
                  List.of(
                      new Row("alias/a", 7, "node", utf8("entry-of-the-first")),
                      new Row("alias/b", 7, "node", utf8("entry-of-the-second"))));
        });
  }

  @Test
  void anEndIsRefusedWithFileTableAndRowAndTheOthersAreRead() {
    flip("result-of-the-second");
    open(
        ledger -> {
          InvocationHistory history = ledger.invocations();
          assertRefused(
              () -> history.find(TenantId.DEFAULT, id(NOW, 2)),
              "invocations",
              id(NOW, 2).toString());
          assertThat(ledger.damagedRows()).isEqualTo(1);
          assertThat(history.find(TenantId.DEFAULT, id(NOW, 1)).flatMap(InvocationRecord::outcome))
              .contains(GOOD);
          assertThat(history.list(TenantId.DEFAULT, InvocationFilter.newest(9)))
              .extracting(InvocationRecord::id)
              .containsExactly(id(NOW, 5), id(NOW, 1));
          assertThat(history.find(TenantId.DEFAULT, List.of(id(NOW, 1), id(NOW, 2)))).hasSize(1);
          assertThat(ledger.damagedRows()).as("told once").isEqualTo(1);
        });
  }

  @Test
  void aSecondEndIsNotToldInThePlaceOfOneThatIsDamaged() {
    flip("result-of-the-second");
    open(
        ledger -> {
          var late = ended(id(NOW, 2), COUNT, new Outcome.Cancelled("too late"));
          var kept = ledger.invocations().append(List.of(late)).toCompletableFuture().join();
          assertThat(kept.standing()).isEmpty();
          assertThat(kept.superseded()).containsExactly(id(NOW, 2));
          assertRefused(
              () -> ledger.invocations().find(TenantId.DEFAULT, id(NOW, 2)), "invocations");
        });
  }

  @Test
  void acceptedWorkIsNotRunButEndsAndTheRestGoesOn() {
    flip("payload-of-the-third");
    open(
        ledger -> {
          AcceptedWork accepted = ledger.accepted();
          assertThat(accepted.page(RESIZES, Cursor.START, 10, NODE).work())
              .extracting(Submission::id)
              .containsExactly(id(NOW, 4));
          assertEndedAsDamaged(ledger, 3);
          assertThat(accepted.count()).isEqualTo(1);
          assertThat(accepted.deadLetters().count()).isEqualTo(2);
          assertRefused(
              () -> accepted.deadLetters().find(TenantId.DEFAULT, id(NOW, 3), NODE),
              "dead_letters",
              id(NOW, 3).toString());
        });
    open(
        ledger -> {
          assertThat(ledger.accepted().count()).isEqualTo(1);
          assertEndedAsDamaged(ledger, 3);
        });
  }

  @Test
  void acceptedWorkThatIsAskedForEndsToo() {
    flip("payload-of-the-third");
    open(
        ledger -> {
          assertThat(ledger.accepted().newest(TenantId.DEFAULT, InvocationFilter.newest(9), NODE))
              .extracting(Submission::id)
              .containsExactly(id(NOW, 4));
          assertThat(ledger.accepted().find(TenantId.DEFAULT, id(NOW, 3), NODE)).isEmpty();
          assertEndedAsDamaged(ledger, 3);
        });
  }

  @Test
  void aDeadLetterIsNotSubmittedAgain() {
    flip("payload-of-the-fifth");
    open(
        ledger ->
            assertRefused(
                () -> ledger.accepted().deadLetters().find(TenantId.DEFAULT, id(NOW, 5), NODE),
                "dead_letters",
                id(NOW, 5).toString()));
  }

  @Test
  void aKeyIsRefusedRatherThanTakenForAnothersInvocation() {
    flip(Sha256.of(utf8("b")).hex());
    open(
        ledger ->
            assertRefused(
                () -> ledger.accepted().keys().find(RESIZES, "key-of-the-fourth"),
                "idempotency_keys",
                "key-of-the-fourth"));
  }

  @Test
  void anEntryOfTheDirectoryIsRefusedUntilItIsMended() {
    flip("entry-of-the-second");
    open(
        ledger ->
            assertRefused(() -> ledger.directory().load(), "directory", "alias/b", "crc to NULL"));
    sql("UPDATE directory SET value = CAST('mended' AS BLOB), crc = NULL WHERE entry = 'alias/b'");
    open(
        ledger ->
            assertThat(ledger.directory().load())
                .extracting(row -> new String(row.value(), StandardCharsets.UTF_8))
                .containsExactly("entry-of-the-first", "mended"));
  }

  @Test
  void aLineOfTheLogIsLeftOut() {
    flip("line-that-is-not");
    open(
        ledger -> {
          assertThat(ledger.logs().read(id(NOW, 1), 0, 0, 9))
              .extracting(LogLine::text)
              .containsExactly("line-that-is-whole");
          assertThat(ledger.damagedRows()).isEqualTo(1);
        });
  }

  @Test
  void whatManyRowsReferToIsRefusedAtTheStart() {
    flip(RESIZE.value()); // in the row that gives its number, the only one with its name in letters
    assertRefused(() -> open(ledger -> {}), "history_functions");
  }

  @Test
  void numbersAreInTheChecksumsToo() {
    assertNoticed(
        "UPDATE attempts SET fence = fence - 1",
        ledger -> ledger.accepted().find(TenantId.DEFAULT, id(NOW, 4), NODE).isEmpty(),
        ledger -> assertEndedAsDamaged(ledger, 4));
    assertNoticed(
        "UPDATE accepted SET due = 77",
        ledger -> ledger.accepted().find(TenantId.DEFAULT, id(NOW, 3), NODE).isEmpty(),
        ledger -> assertEndedAsDamaged(ledger, 3));
    sql("UPDATE invocations SET function = 99 WHERE attempts = 2 AND function = 1");
    open(
        ledger ->
            assertRefused(
                () -> ledger.invocations().find(TenantId.DEFAULT, id(NOW, 1)), "invocations"));
    sql("UPDATE work_kinds SET number = 9");
    assertRefused(() -> open(ledger -> {}), "work_kinds", "9");
    sql("UPDATE work_kinds SET crc = NULL");
    sql("UPDATE epochs SET latest = 1");
    assertRefused(() -> open(ledger -> {}), "epochs");
  }

  @Test
  void aCountThatIsDamagedIsCountedAnew() {
    sql("UPDATE row_counts SET row_count = 9000000 WHERE table_name = 'accepted'");
    open(ledger -> assertThat(ledger.accepted().count()).isEqualTo(2));
    open(ledger -> assertThat(ledger.accepted().count()).isEqualTo(2));
  }

  @Test
  void rowsOfOlderSoftwareHaveNoChecksumAndAreTakenAsTheyAre() {
    for (String table :
        List.of(
            "accepted",
            "attempts",
            "work_kinds",
            "history_functions",
            "invocations",
            "logs",
            "dead_letters",
            "idempotency_keys",
            "directory",
            "epochs",
            "row_counts")) {
      sql("ALTER TABLE " + table + " DROP COLUMN crc");
    }
    sql("DELETE FROM schema_versions WHERE version = 5");
    open(
        ledger -> {
          assertThat(ledger.invocations().find(TenantId.DEFAULT, id(NOW, 1))).isPresent();
          assertThat(ledger.accepted().page(RESIZES, Cursor.START, 10, NODE).work()).hasSize(2);
          assertThat(ledger.directory().load()).hasSize(2);
          assertThat(ledger.accepted().keys().find(RESIZES, "key-of-the-fourth")).isPresent();
          assertThat(ledger.logs().read(id(NOW, 1), 0, 0, 9)).hasSize(2);
          assertThat(ledger.accepted().deadLetters().find(TenantId.DEFAULT, id(NOW, 5), NODE))
              .isPresent();
          assertThat(ledger.damagedRows()).isZero();
        });
  }

  private void assertNoticed(String damage, Function<Ledger, Boolean> gone, Consumer<Ledger> then) {
    open(
        ledger ->
            done(
                ledger
                    .accepted()
                    .mark(List.of(new Mark(id(NOW, 4), NODE, 1, 0, 9L << 32, 0, false)))));
    sql(damage);
    open(
        ledger -> {
          assertThat(gone.apply(ledger)).isTrue();
          then.accept(ledger);
        });
  }

  private static void assertEndedAsDamaged(Ledger ledger, int number) {
    InvocationRecord end =
        ledger.invocations().find(TenantId.DEFAULT, id(NOW, number)).orElseThrow();
    assertThat(end.state()).isEqualTo(InvocationState.FAILED);
    assertThat(end.revision()).isEqualTo(REVISION);
    assertThat(end.outcome())
        .hasValueSatisfying(
            outcome -> {
              Fault fault = ((Outcome.Failure) outcome).fault();
              assertThat(fault.code()).isEqualTo(FailureCode.LEDGER_DAMAGED);
              assertThat(fault.message())
                  .contains("ledger.db")
                  .contains(id(NOW, number).toString());
            });
  }

  private void assertRefused(ThrowingCallable reading, String... said) {
    assertThatExceptionOfType(LedgerException.class)
        .isThrownBy(reading)
        .matches(LedgerException::isDamaged)
        .satisfies(e -> assertThat(e.getMessage()).contains("ledger.db").contains(said));
  }

  /** Flips one bit of these letters, which are in the file once. */
  private void flip(String letters) {
    Path file = data.resolve("ledger.db");
    try {
      byte[] bytes = Files.readAllBytes(file);
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      int at = text.indexOf(letters);
      assertThat(at).as("place of " + letters).isPositive();
      bytes[at] ^= 0x01;
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void sql(String command) {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
        var statement = connection.createStatement()) {
      statement.execute(command);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void open(Consumer<Ledger> then) {
    try (DataFolder folder = DataFolder.open(data);
        Ledger ledger = Ledger.open(folder, Retention.DEFAULT, Clock.systemUTC())) {
      then.accept(ledger);
    }
  }

  private static Outcome success(String result) {
    return new Outcome.Success(new Payload.Inline("text/plain", utf8(result)));
  }

  private static LogLine line(int number, String text) {
    return new LogLine(id(NOW, 1), 1, number, 5, "stdout", "info", text);
  }

  private static Submission work(int number, String payload) {
    return HistoryExamples.submitted(id(NOW, number), NODE, payload);
  }

  private static void done(CompletionStage<?> stage) {
    stage.toCompletableFuture().join();
  }
}
