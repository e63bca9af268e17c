package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.blackbox.CountingFunction.Execution;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was answered with 202 is done, whatever becomes of the process that answered. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class DurableIT {
  private static final int SUBMISSIONS = 2_000;
  private static final int CONNECTIONS = 8;
  private static final int KILLS = 4;

  /** Two retries, three losses, and the first. */
  private static final int MOST_EXECUTIONS = 6;

  @TempDir Path home;
  private CountingFunction function;

  @BeforeEach
  void makeFunction() {
    function = new CountingFunction(home.resolve("executions"));
  }

  @Test
  void acceptedWorkSurvivesANodeThatIsKilledAgainAndAgain() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("kills are drawn with seed " + seed);
    var random = new Random(seed);
    Map<String, Integer> accepted = new ConcurrentHashMap<>();
    var next = new AtomicInteger();
    var unanswered = new AtomicInteger();
    var current = new AtomicReference<>(new CompletableFuture<Platform>());
    var platform = Platform.up(home);
    try {
      platform.deploy(function.jar(home));
      current.get().complete(platform);
      try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
        var submitted = new ArrayList<Future<?>>();
        for (int i = 0; i < CONNECTIONS; i++) {
          submitted.add(callers.submit(() -> submitAll(next, current, accepted, unanswered)));
        }
        for (int kill = 0; kill < KILLS; kill++) {
          int when = SUBMISSIONS / (KILLS + 1) * (kill + 1) + random.nextInt(200);
          Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> next.get() >= when);
          current.set(new CompletableFuture<>());
          platform.process().kill();
          platform.close();
          platform = Platform.up(home);
          current.get().complete(platform);
        }
        for (Future<?> all : submitted) {
          all.get();
        }
      }
      assertThat(accepted.size())
          .as("accepted")
          .isGreaterThan(SUBMISSIONS - KILLS * CONNECTIONS * 20);
      endAsTheyShould(platform, accepted);
      System.out.printf("%d accepted, %d unanswered%n", accepted.size(), unanswered.get());
    } finally {
      platform.close();
    }
  }

  @AtEachFailpoint
  void acceptedWorkSurvivesAnEndAtTheWorstMoment(String place) {
    Map<String, Integer> accepted = new ConcurrentHashMap<>();
    var unanswered = new AtomicInteger();
    try (var platform = Platform.upWithJavaOptions(home, "-Dfanfare.failpoint=" + place + ":60")) {
      platform.deploy(function.jar(home));
      for (int i = 0; i < 200 && unanswered.get() == 0; i++) {
        submit(platform, i, accepted, unanswered);
      }
      assertThat(unanswered).as("the process ended while a caller waited").hasValue(1);
    }
    try (var platform = Platform.up(home)) {
      assertThat(accepted).isNotEmpty();
      endAsTheyShould(platform, accepted);
    }
  }

  @Test
  void whatWaitsForItsTimeAndWhatRunsSurviveTogether() {
    String later;
    String running;
    try (var platform = Platform.up(home)) {
      platform.deploy(function.jar(home));
      running = id(platform.submit("count", CountingFunction.body(1, 3_000)).join());
      later = id(platform.submit("count?delay=PT8S", CountingFunction.body(2, 0)).join());
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> function.executions().containsKey(running));
      Awaitility.await("the attempt's being written down, which is a matter of milliseconds")
          .atMost(Duration.ofSeconds(30))
          .until(() -> ranFor(platform, running) > 300);
      assertThat(state(platform, later)).isEqualTo("SCHEDULED");
      platform.process().kill();
    }
    try (var platform = Platform.up(home)) {
      assertThat(state(platform, later)).isEqualTo("SCHEDULED");
      endAsTheyShould(platform, Map.of(running, 1, later, 2));
      JsonNode record = Platform.json(platform.get("/invocations/" + running));
      assertThat(record.get("attempts").asInt()).as("attempts").isEqualTo(2);
      assertThat(record.get("losses").asInt()).as("losses").isEqualTo(1);
      JsonNode scheduled = Platform.json(platform.get("/invocations/" + later));
      assertThat(scheduled.get("attempts").asInt()).as("attempts").isEqualTo(1);
    }
  }

  private static void submitAll(
      AtomicInteger next,
      AtomicReference<CompletableFuture<Platform>> current,
      Map<String, Integer> accepted,
      AtomicInteger unanswered) {
    for (int i = next.getAndIncrement(); i < SUBMISSIONS; i = next.getAndIncrement()) {
      submit(current.get().join(), i, accepted, unanswered);
    }
  }

  /** One submission; no answer and an answer that promises nothing are the same to the caller. */
  private static void submit(
      Platform platform, int number, Map<String, Integer> accepted, AtomicInteger unanswered) {
    try {
      var answer = platform.submit("count", CountingFunction.body(number, 0)).join();
      if (answer.statusCode() == 202) {
        accepted.put(id(answer), number);
        return;
      }
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    } catch (CompletionException e) {
      // the connection went with the process
    }
    unanswered.incrementAndGet();
  }

  private void endAsTheyShould(Platform platform, Map<String, Integer> accepted) {
    accepted.forEach(
        (id, number) -> {
          JsonNode end =
              Awaitility.await("the end of " + id)
                  .pollDelay(Duration.ZERO)
                  .atMost(Duration.ofMinutes(2))
                  .until(
                      () -> Platform.json(platform.get("/invocations/" + id)),
                      record -> record.hasNonNull("endedAt"));
          assertThat(end.get("state").asText()).as(end.toString()).isEqualTo("SUCCEEDED");
          assertThat(platform.get("/invocations/" + id + "/result").body().strip())
              .isEqualTo(String.valueOf(number * 2));
        });
    Map<String, List<Execution>> executions = function.executions();
    assertThat(executions.keySet()).as("executed").containsAll(accepted.keySet());
    executions.forEach(
        (id, runs) -> {
          assertThat(runs).as("executions of " + id).hasSizeLessThanOrEqualTo(MOST_EXECUTIONS);
          assertThat(runs.stream().map(Execution::fence).distinct().count())
              .as("fences of " + runs)
              .isEqualTo(runs.size());
        });
  }

  private static long ranFor(Platform platform, String id) {
    JsonNode record = Platform.json(platform.get("/invocations/" + id));
    return record.hasNonNull("startedAt")
        ? Duration.between(Instant.parse(record.get("startedAt").asText()), Instant.now())
            .toMillis()
        : 0;
  }

  private static String state(Platform platform, String id) {
    return Platform.json(platform.get("/invocations/" + id)).get("state").asText();
  }

  private static String id(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return Platform.json(answer).get("id").asText();
  }
}
