package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.Bounds;
import dev.fanfare.history.Checker;
import dev.fanfare.history.Event;
import dev.fanfare.history.Evidence;
import dev.fanfare.history.History;
import dev.fanfare.history.RecordingFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many clients at one platform of little capacity. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class OverloadIT {
  private static final int ACCEPTED_LIMIT = 60;
  @TempDir static Path home;
  private static Fleet fleet;
  private static History history;

  @BeforeAll
  static void start() {
    fleet = Fleet.start(home, 1, 1, "", "--accepted-limit", Integer.toString(ACCEPTED_LIMIT));
    history = new History(home.resolve("history"));
  }

  @AfterAll
  static void stop() {
    history.close();
    fleet.close();
  }

  @Test
  void tenTimesMoreProducersThanRoomAreRefusedInPartAndNothingAcceptedIsDropped() {
    try (var client = fleet.client(history, new Random(1));
        var word = fleet.word()) {
      try (var producers = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 10 * ACCEPTED_LIMIT; i++) {
          String token = "p" + i;
          String body = RecordingFunction.body(token, 20, 0);
          producers.execute(() -> client.submit(token, body, ""));
        }
      }

      Evidence evidence = word.evidence(history, fleet.function(), Duration.ofSeconds(90));
      Checker.check(evidence, Bounds.DEFAULT);
      assertThat(told(evidence, Event.Kind.OK)).isGreaterThanOrEqualTo(ACCEPTED_LIMIT);
      assertThat(told(evidence, Event.Kind.FAIL)).isPositive();
      assertThat(evidence.events())
          .filteredOn(e -> e.action() == Event.Action.SUBMIT && e.kind() == Event.Kind.FAIL)
          .allSatisfy(event -> assertThat(event.note()).startsWith("429").contains("queue-full"));
    }
  }

  @Test
  void aCancellationThatRacesTheEndHasOneWinner() {
    try (var client = fleet.client(history, new Random(2));
        var word = fleet.word()) {
      try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 10; i++) {
          var random = new Random(i);
          String name = "r" + i + "-";
          callers.execute(
              () ->
                  IntStream.range(0, 15)
                      .forEach(
                          n -> {
                            String body = RecordingFunction.body(name + n, random.nextInt(15), 0);
                            client
                                .submit(name + n, body, "")
                                .ifPresent(
                                    id -> {
                                      client.read(id, Duration.ofMillis(1 + random.nextInt(20)));
                                      client.cancel(id);
                                      client.read(id, Duration.ofMillis(1));
                                    });
                          }));
        }
      }

      Evidence evidence = word.evidence(history, fleet.function(), Duration.ofSeconds(60));
      Checker.check(evidence, Bounds.DEFAULT);
      assertThat(cancellations(evidence, Event.Kind.OK)).as("cancelled in time").isPositive();
      assertThat(cancellations(evidence, Event.Kind.FAIL)).as("ended first").isPositive();
    }
  }

  private static long told(Evidence evidence, Event.Kind kind) {
    return count(evidence, Event.Action.SUBMIT, kind);
  }

  private static long cancellations(Evidence evidence, Event.Kind kind) {
    return count(evidence, Event.Action.CANCEL, kind);
  }

  private static long count(Evidence evidence, Event.Action action, Event.Kind kind) {
    return evidence.events().stream().filter(e -> e.action() == action && e.kind() == kind).count();
  }
}
