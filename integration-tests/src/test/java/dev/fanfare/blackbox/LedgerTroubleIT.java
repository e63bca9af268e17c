package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fanfare.history.Bounds;
import dev.fanfare.history.Checker;
import dev.fanfare.history.History;
import dev.fanfare.history.PlatformWord;
import dev.fanfare.history.RecordingClient;
import dev.fanfare.history.RecordingFunction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk under the ledger is slow, or full, or fails to sync what was written. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class LedgerTroubleIT {
  private static final int BALLAST_BYTES = 16 << 20;
  private static final String LEDGER_THREAD = "fanfare-ledger";

  @TempDir Path home;

  @Test
  void aDiskThatTakesSecondsHoldsUpSubmissionsAndNotCalls() {
    String slow = "-Dfanfare.failpoint=ledger.before-commit:4000ms";
    try (var platform = Platform.upWithJavaOptions(home, slow)) {
      platform.deploy(jar());
      assertThat(call(platform, "warm").statusCode()).isEqualTo(200);

      CompletableFuture<HttpResponse<String>> submission =
          platform.submit(RecordingFunction.NAME, RecordingFunction.body("slow", 0, 0));
      HttpResponse<String> called = call(platform, "meanwhile");

      assertThat(called.statusCode()).as(called.body()).isEqualTo(200);
      assertThat(submission).as("not answered before it is on disk").isNotDone();
      assertThat(submission.join().statusCode()).isEqualTo(202);
    }
  }

  @Test
  void aFullDiskRefusesSubmissionsAndLosesNothingThatWasAccepted() throws Exception {
    Path disk = Files.createDirectories(home.resolve("disk"));
    assumeTrue(mounted(disk), "mounting a tmpfs needs root");
    Path ballast = disk.resolve("ballast");
    try (var platform = Platform.up(home, "--data", disk.resolve("data").toString());
        var history = new History(home.resolve("history"));
        var client = new RecordingClient(history, platform::url, platform.key());
        var word = new PlatformWord(List.of(platform.url()), platform.key())) {
      platform.deploy(jar());
      Files.write(ballast, new byte[BALLAST_BYTES]);
      fill(disk.resolve("rest"));
      Set<Boolean> seen = new TreeSet<>();
      for (int i = 0; i < 2_000 && !seen.contains(false); i++) {
        seen.add(client.submit("t" + i, large("t" + i), "").isPresent());
      }
      assertThat(seen).as("a full disk refuses").contains(false);
      assertThat(platform.get("/healthz").statusCode()).isEqualTo(200);

      Files.delete(ballast);
      var next = new AtomicInteger();
      Awaitility.await("it accepts again")
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                String token = "again-" + next.getAndIncrement();
                return client.submit(token, large(token), "").isPresent();
              });
      Checker.check(word.evidence(history, function(), Duration.ofSeconds(60)), Bounds.DEFAULT);
    } finally {
      run("umount", disk.toString());
    }
  }

  @Test
  void aSyncThatFailsAcceptsNothingAndLosesNothingThatWasAccepted() {
    assumeTrue(FailingSync.possible(), "strace is not installed");
    try (var history = new History(home.resolve("history"))) {
      try (var platform = Platform.up(home);
          var client = new RecordingClient(history, platform::url, platform.key())) {
        platform.deploy(jar());
        submit(client, "before", 20);
        try (var broken = FailingSync.of(platform.process().pid(), LEDGER_THREAD)) {
          for (int i = 0; i < 20; i++) {
            assertThat(client.submit("t" + i, large("t" + i), "")).as("accepted").isEmpty();
          }
          assertThat(broken.failed()).as("syncs that failed").isPositive();
          assertThat(platform.get("/healthz").statusCode()).isEqualTo(200);
        }
        submit(client, "after", 20);
        history.fault(History.NODE_DEATH, "killed after syncs failed");
        platform.process().kill();
      }
      try (var platform = Platform.up(home);
          var word = new PlatformWord(List.of(platform.url()), platform.key())) {
        Checker.check(word.evidence(history, function(), Duration.ofSeconds(60)), Bounds.DEFAULT);
      }
    }
  }

  /** All of them are accepted. */
  private static void submit(RecordingClient client, String name, int count) {
    for (int i = 0; i < count; i++) {
      String token = name + i;
      assertThat(client.submit(token, large(token), "")).as(token).isPresent();
    }
  }

  private static HttpResponse<String> call(Platform platform, String token) {
    return platform.call(RecordingFunction.NAME, RecordingFunction.body(token, 0, 0));
  }

  /** Fields that a function does not have are ignored, but kept with the work. */
  private static String large(String token) {
    String pad = "{\"pad\":\"" + "x".repeat(20_000) + "\",";
    return pad + RecordingFunction.body(token, 0, 0).substring(1);
  }

  private RecordingFunction function() {
    try {
      return new RecordingFunction(Files.createDirectories(home.resolve("executions")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path jar() {
    return TestJar.of(home, RecordingFunction.CLASS, function().source());
  }

  private static boolean mounted(Path disk) throws Exception {
    return run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk.toString()) == 0;
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  /** Writes until nothing more fits. */
  private static void fill(Path file) {
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(new byte[4_096]);
      }
    } catch (IOException full) {
      // as wanted
    }
  }
}
