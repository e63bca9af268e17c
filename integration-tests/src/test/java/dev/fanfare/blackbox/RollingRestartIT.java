package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All nodes are restarted in order, one after the other, while they are called. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RollingRestartIT {
  private static final int CALLERS = 4;
  private static final int MOST_TRIES = 30;
  private static final int CALLS_BETWEEN = 40;

  @TempDir Path home;

  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  @Test
  void aClientThatTriesAgainElsewhereSeesNoCallFailWhileNodesAreRestarted() throws Exception {
    try (var fleet = Fleet.start(home, 2, 2, "");
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<URI> urls = IntStream.range(0, 2).mapToObj(i -> fleet.node(i).url()).toList();
      String key = fleet.node(0).key();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        int caller = i;
        running.add(callers.submit(() -> call(urls, key, caller)));
      }
      for (int node = 0; node < 2; node++) {
        goesOn();
        fleet.rollNode(node);
      }
      goesOn();
      over.countDown();
      for (Future<?> caller : running) {
        caller.get(60, TimeUnit.SECONDS);
      }
      System.out.printf("%d calls answered, %d tries repeated%n", answered.get(), repeated.get());
    }
  }

  private void goesOn() {
    int enough = answered.get() + CALLS_BETWEEN;
    Awaitility.await("calls go on")
        .atMost(Duration.ofSeconds(60))
        .until(() -> answered.get() >= enough || over.getCount() == 0);
  }

  private Void call(List<URI> urls, String key, int caller) throws InterruptedException {
    for (int n = 0; over.getCount() > 0; n++) {
      String token = caller + "-" + n;
      int tries = 0;
      while (!answered(urls.get((caller + tries) % urls.size()), key, token)) {
        assertThat(++tries).as("tries of " + token).isLessThan(MOST_TRIES);
        repeated.incrementAndGet();
        if (over.await(100, TimeUnit.MILLISECONDS)) {
          return null;
        }
      }
      answered.incrementAndGet();
    }
    return null;
  }

  /** Anything but an answer and "not now" is a failure of the test. */
  private boolean answered(URI url, String key, String token) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(url.resolve("/function/record"))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .POST(BodyPublishers.ofString(dev.fanfare.history.RecordingFunction.body(token, 5, 0)))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isIn(200, 503);
      if (answer.statusCode() == 200) {
        assertThat(answer.body()).startsWith(token + " ");
      }
      return answer.statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
