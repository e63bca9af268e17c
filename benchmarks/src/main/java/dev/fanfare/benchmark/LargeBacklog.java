package dev.fanfare.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Queues invocations while no worker is there, starts the node again, and drains them, all in the
 * heap that {@code FANFARE_JAVA_OPTS} allows. Argument: how many (5,000,000).
 */
public final class LargeBacklog {
  private static final int CONNECTIONS = 128;
  private static final int SECONDS = 10;
  private static final long LOOK_MILLIS = 5_000;

  private final long wanted;

  private LargeBacklog(long wanted) {
    this.wanted = wanted;
  }

  /** Prints what it sees; ends with an error when something is missing. */
  public static void main(String[] args) throws IOException, InterruptedException {
    new LargeBacklog(args.length == 0 ? 5_000_000 : Long.parseLong(args[0])).run();
  }

  private void run() throws IOException, InterruptedException {
    Path examples;
    try (var jars = Files.list(StartedProcess.checkout().resolve("cli/target/dist/examples"))) {
      examples = jars.findFirst().orElseThrow();
    }
    Path home = Files.createTempDirectory("fanfare-backlog");
    long queued;
    try (var platform = RunningPlatform.again(home, "--no-worker")) {
      platform.deploy(examples);
      long begun = System.nanoTime();
      while (waiting(platform) < wanted) {
        URI function = platform.url().resolve("/async-function/echo");
        Wrk run = Wrk.run(function, platform.key(), CONNECTIONS, SECONDS);
        tell("queued at %,.0f a second", run.requestsPerSecond(), platform);
        if (run.failures() > 0) {
          throw new IllegalStateException(run.failures() + " submissions were refused");
        }
      }
      queued = waiting(platform);
      System.out.printf(
          "queued %,d in %,d s%n", queued, (System.nanoTime() - begun) / 1_000_000_000);
    }
    long restarted = System.nanoTime();
    try (var platform = RunningPlatform.again(home)) {
      System.out.printf("ready again after %,d ms%n", platform.process().startUp().toMillis());
      while (waiting(platform) > 0) {
        Thread.sleep(LOOK_MILLIS);
        tell("drained %,.0f", metric(platform, "fanfare_settled_total"), platform);
      }
      double ended = metric(platform, "fanfare_settled_total{code=\"succeeded\"");
      double seconds = (System.nanoTime() - restarted) / 1e9;
      System.out.printf(
          "drained %,.0f of %,d in %,.0f s, %,.0f a second%n",
          ended, queued, seconds, queued / seconds);
      if (ended != queued) {
        throw new IllegalStateException("they are not the same");
      }
    }
  }

  private static void tell(String what, double figure, RunningPlatform platform)
      throws IOException, InterruptedException {
    System.out.printf(
        what + "; %,d wait; %,d MiB resident%n",
        figure,
        waiting(platform),
        Machine.resident(platform.process().process().toHandle()) >> 20);
  }

  /** Accepted and not ended. */
  private static long waiting(RunningPlatform platform) throws IOException, InterruptedException {
    return (long) metric(platform, "fanfare_accepted");
  }

  private static double metric(RunningPlatform platform, String name)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(platform.url().resolve("/metrics"))
            .header("Authorization", "Bearer " + platform.key())
            .build();
    String all = platform.http().send(request, BodyHandlers.ofString()).body();
    return Arrays.stream(all.split("\n", -1))
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
