package dev.fanfare.ledger;

import static dev.fanfare.ledger.HistoryExamples.RESIZE;
import static dev.fanfare.ledger.HistoryExamples.id;
import static dev.fanfare.ledger.HistoryExamples.submitted;

import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.ledger.WorkPages.Cursor;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Submission;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two nodes that share a ledger, for each test, and what tests ask of them. */
abstract class SharedLedgerScene {
  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  static final long NOW = System.currentTimeMillis();
  static final NodeId ONE = new NodeId("one");
  static final NodeId TWO = new NodeId("two");
  static final Queue RESIZES = new Queue(TenantId.DEFAULT, RESIZE);
  static final Duration SOON = Duration.ofSeconds(20);

  final String schema = "shared_" + SCHEMAS.incrementAndGet();
  Ledger one;
  Ledger two;

  @BeforeEach
  void open() {
    one = open(LedgerPlace.url(schema), ONE);
    two = open(LedgerPlace.url(schema), TWO);
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  static Ledger open(LedgerUrl url, NodeId node) {
    return Ledger.open(url, node, Retention.DEFAULT, Clock.systemUTC());
  }

  static void accept(Ledger ledger, int number) {
    done(ledger.accepted().accept(List.of(work(number))));
  }

  static int takeOver(Ledger ledger) {
    return ledger.accepted().takeOver().toCompletableFuture().join();
  }

  static List<Submission> page(Ledger ledger) {
    return ledger.accepted().page(RESIZES, Cursor.START, 10, TWO).work();
  }

  static Submission work(int number) {
    return submitted(id(NOW, number), ONE, "123");
  }

  static void sql(String command) {
    try (var connection =
            DriverManager.getConnection(LedgerPlace.server().getJdbcUrl("postgres", "postgres"));
        var statement = connection.createStatement()) {
      statement.execute(command);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  static void done(CompletionStage<?> stage) {
    stage.toCompletableFuture().join();
  }
}
