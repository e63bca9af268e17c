package dev.fanfare.benchmark;

import dev.fanfare.ledger.DataFolder;
import dev.fanfare.ledger.Ledger;
import dev.fanfare.ledger.LedgerUrl;
import dev.fanfare.ledger.Retention;
import dev.fanfare.protocol.NodeId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;

/**
 * What durability costs: asynchronous submissions over HTTP, each answered after its sync, beside
 * the ledger alone, a bare database that writes the same rows in groups, and the disk itself. In
 * SQLite, then in PostgreSQL.
 */
final class DurableSubmissions implements Section {
  private static final int[] CONNECTIONS = {1, 32, 128};
  private static final int[] FEWER = {1, 32};
  private static final double WARM_UP_SECONDS = 0.5;

  @Override
  public String name() {
    return "durable";
  }

  @Override
  public void run(Settings settings) throws Exception {
    System.out.println("| durable submissions | a second | p50 |");
    System.out.println("|---|---:|---:|");
    sqlite(settings);
    try (PostgresServer server = PostgresServer.of(settings.ledger())) {
      postgresql(settings, server);
      System.out.println();
      System.out.println(server.describe());
    }
  }

  private static void sqlite(Settings settings)
      throws IOException, SQLException, InterruptedException {
    Path folder = Files.createTempDirectory("fanfare-benchmark");
    print("the disk, 4 KiB appended and synced", DiskSync.run(folder, settings.seconds()));
    try (var rows = BareRows.sqlite(folder.resolve("bare.db"))) {
      bare("SQLite", rows, CONNECTIONS, settings.seconds());
    }
    for (int callers : CONNECTIONS) {
      Path path = Files.createTempDirectory("fanfare-benchmark");
      try (DataFolder data = DataFolder.open(path);
          Ledger ledger = Ledger.open(data, Retention.DEFAULT, Clock.systemUTC())) {
        ledger("ledger", ledger, callers, settings.seconds());
      }
    }
    http("HTTP", settings, CONNECTIONS, List.of("--no-worker"));
    http("HTTP with a worker that drains", settings, CONNECTIONS, List.of());
  }

  private static void postgresql(Settings settings, PostgresServer server)
      throws IOException, SQLException, InterruptedException {
    try (var rows = BareRows.postgresql(server.schema("bare"))) {
      bare("PostgreSQL", rows, FEWER, settings.seconds());
    }
    var url = LedgerUrl.parse(server.schema("ledger"));
    try (Ledger ledger =
        Ledger.open(url, new NodeId("node"), Retention.DEFAULT, Clock.systemUTC())) {
      for (int callers : FEWER) {
        ledger("ledger in PostgreSQL", ledger, callers, settings.seconds());
      }
    }
    http(
        "HTTP, PostgreSQL",
        settings,
        FEWER,
        List.of("--no-worker", "--ledger", server.schema("http")));
  }

  private static void bare(String what, BareRows rows, int[] groups, int seconds)
      throws SQLException {
    for (int group : groups) {
      rows.run(group, WARM_UP_SECONDS);
      print("bare " + what + ", groups of " + group, rows.run(group, seconds));
    }
  }

  private static void ledger(String what, Ledger ledger, int callers, int seconds)
      throws InterruptedException {
    print(
        what + ", " + callers + " callers", LedgerCallers.run(ledger.accepted(), callers, seconds));
  }

  private static void http(String what, Settings settings, int[] connections, List<String> options)
      throws IOException, InterruptedException {
    int seconds = settings.seconds();
    try (var platform = RunningPlatform.up(options.toArray(String[]::new))) {
      platform.deploy(settings.examples());
      URI function = platform.url().resolve("/async-function/echo");
      Wrk.run(function, platform.key(), 32, seconds);
      for (int many : connections) {
        Wrk run = Wrk.run(function, platform.key(), many, seconds);
        String failures = run.failures() == 0 ? "" : " (" + run.failures() + " failed)";
        print(
            what + ", " + many + " connections" + failures,
            new Figures(run.requestsPerSecond(), run.p50Micros()));
      }
    }
  }

  private static void print(String what, Figures figures) {
    System.out.printf(
        "| %s | %,.0f | %.2f ms |%n", what, figures.perSecond(), figures.p50Micros() / 1_000);
  }
}
