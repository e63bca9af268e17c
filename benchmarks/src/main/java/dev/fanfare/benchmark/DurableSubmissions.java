package dev.fanfare.benchmark;

import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.ledger.DataFolder;
import dev.fanfare.ledger.Ledger;
import dev.fanfare.ledger.Retention;
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
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What durability costs: asynchronous submissions over HTTP, each answered after its sync, beside
 * the ledger alone and a bare SQLite that writes the same rows in groups.
 */
final class DurableSubmissions implements Section {
  private static final int[] CONNECTIONS = {1, 32, 128};

  @Override
  public String name() {
    return "durable";
  }

  @Override
  public void run(Settings settings) throws Exception {
    System.out.println("| durable submissions | a second | p50 |");
    System.out.println("|---|---:|---:|");
    bare(settings.seconds());
    ledger(settings.seconds());
    http(settings);
  }

  private static void bare(int seconds) throws IOException, SQLException {
    Path folder = Files.createTempDirectory("fanfare-benchmark");
    try (var rows = new BareRows(folder.resolve("bare.db"))) {
      for (int group : new int[] {1, 32, 128}) {
        rows.run(group, 0.5);
        print("bare SQLite, groups of " + group, rows.run(group, seconds));
      }
    }
  }

  private static void ledger(int seconds) throws IOException, InterruptedException {
    for (int callers : CONNECTIONS) {
      Path path = Files.createTempDirectory("fanfare-benchmark");
      try (DataFolder folder = DataFolder.open(path);
          Ledger ledger = Ledger.open(folder, Retention.DEFAULT, Clock.systemUTC())) {
        print("ledger, " + callers + " callers", submit(ledger.accepted(), callers, seconds));
      }
    }
  }

  /** Each caller submits its next when its last one is safe. */
  private static BareRows.Figures submit(AcceptedWork ledger, int callers, int seconds)
      throws InterruptedException {
    var target =
        new Target(
            TenantId.DEFAULT,
            new FunctionName("echo"),
            new RevisionId(Sha256.of(new byte[] {1})),
            Policy.DEFAULT);
    var number = new AtomicLong();
    var payload =
        new Payload.Inline("application/json", "\"hello\"".getBytes(StandardCharsets.UTF_8));
    var over = new CountDownLatch(callers);
    long begun = System.nanoTime();
    long end = begun + seconds * 1_000_000_000L;
    var caller =
        new Object() {
          void next() {
            if (System.nanoTime() > end) {
              over.countDown();
              return;
            }
            var work =
                new Submission(
                    InvocationId.of(System.currentTimeMillis(), 0, number.incrementAndGet()),
                    target,
                    Requirements.NONE,
                    new NodeId("node"),
                    true,
                    0,
                    2,
                    60_000_000,
                    0,
                    0,
                    0,
                    "",
                    "",
                    payload);
            var _ = ledger.accept(List.of(work)).thenRun(this::next);
          }
        };
    for (int i = 0; i < callers; i++) {
      caller.next();
    }
    over.await();
    double rate = number.get() / ((System.nanoTime() - begun) / 1e9);
    return new BareRows.Figures(rate, callers / rate * 1e6);
  }

  private static void http(Settings settings) throws IOException, InterruptedException {
    int seconds = settings.seconds();
    for (boolean working : new boolean[] {false, true}) {
      try (var platform = working ? RunningPlatform.up() : RunningPlatform.up("--no-worker")) {
        platform.deploy(settings.examples());
        URI function = platform.url().resolve("/async-function/echo");
        Wrk.run(function, platform.key(), 32, seconds);
        for (int connections : CONNECTIONS) {
          Wrk run = Wrk.run(function, platform.key(), connections, seconds);
          String what = working ? "HTTP with a worker that drains, " : "HTTP, ";
          String failures = run.failures() == 0 ? "" : " (" + run.failures() + " failed)";
          print(
              what + connections + " connections" + failures,
              new BareRows.Figures(run.requestsPerSecond(), run.p50Micros()));
        }
      }
    }
  }

  private static void print(String what, BareRows.Figures figures) {
    System.out.printf(
        "| %s | %,.0f | %.2f ms |%n", what, figures.rowsPerSecond(), figures.p50Micros() / 1_000);
  }
}
