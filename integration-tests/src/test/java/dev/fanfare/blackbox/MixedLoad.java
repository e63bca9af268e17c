package dev.fanfare.blackbox;

import dev.fanfare.history.History;
import dev.fanfare.history.RecordingClient;
import dev.fanfare.history.RecordingFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Clients that do at random what clients do, until they are stopped: calls, submissions, both under
 * idempotency keys and repeated until they are answered, bursts, looks at results, cancellations.
 * The work is short, or some hundred milliseconds, and fails once or always now and then.
 */
final class MixedLoad implements AutoCloseable {
  /** How many times a call under a key is repeated. */
  private static final int MOST_REPEATS = 200;

  private static final int LONGEST_PAUSE_MILLIS = 40;
  private static final int REPEAT_PAUSE_MILLIS = 40;

  private final History history;
  private final RecordingClient client;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> clients = new ArrayList<>();
  private final List<String> accepted = new ArrayList<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private final String name;
  private final int longestPauseMillis;

  private MixedLoad(String name, History history, RecordingClient client, int longestPauseMillis) {
    this.name = name;
    this.longestPauseMillis = longestPauseMillis;
    this.history = history;
    this.client = client;
  }

  /** Starts so many clients, whose choices follow from the seed. */
  static MixedLoad start(Fleet fleet, History history, int clients, long seed) {
    RecordingClient client = fleet.client(history, new Random(seed));
    return start(client, history, clients, LONGEST_PAUSE_MILLIS, seed);
  }

  /** The same by way of this client, with pauses up to so long. */
  static MixedLoad start(
      RecordingClient client, History history, int clients, int longestPauseMillis, long seed) {
    String name = Long.toString(seed, 36);
    var load = new MixedLoad(name, history, client, longestPauseMillis);
    for (int i = 0; i < clients; i++) {
      var random = new Random(seed + i);
      load.clients.add(load.threads.submit(() -> load.runClient(random)));
    }
    return load;
  }

  /** Lets every client finish what it does; fails if one of them failed. */
  void stop() {
    stopped.countDown();
    for (Future<?> one : clients) {
      try {
        one.get(3, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        throw new AssertionError("a client did not finish; " + history.underWay() + " open", e);
      }
    }
  }

  private void runClient(Random random) {
    while (!pausedUntilStopped(random.nextInt(longestPauseMillis) + 1)) {
      int draw = random.nextInt(100);
      if (draw < 30) {
        Work work = work(random);
        client.submit(work.token, work.body, "").ifPresent(this::keep);
      } else if (draw < 55) {
        Work work = work(random);
        client.call(work.token, work.body);
      } else if (draw < 65) {
        submitUnderKey(work(random));
      } else if (draw < 75) {
        callUnderKey(work(random));
      } else if (draw < 88) {
        known(random).ifPresent(id -> client.read(id, Duration.ofMillis(1 + random.nextInt(900))));
      } else if (draw < 95) {
        known(random).ifPresent(client::cancel);
      } else {
        burst(random);
      }
    }
  }

  /** What is asked for in one request. */
  private record Work(String token, String body) {}

  private Work work(Random random) {
    String token = name + "-" + tokens.incrementAndGet();
    int millis = random.nextInt(10) < 3 ? random.nextInt(400) : random.nextInt(20);
    int failures = random.nextInt(10) < 8 ? 0 : random.nextInt(RecordingFunction.RETRIES + 2);
    return new Work(token, RecordingFunction.body(token, millis, failures));
  }

  private void submitUnderKey(Work work) {
    for (int i = 0;
        i < MOST_REPEATS && !pausedUntilStopped(i == 0 ? 1 : REPEAT_PAUSE_MILLIS);
        i++) {
      var id = client.submit(work.token, work.body, work.token);
      if (id.isPresent()) {
        keep(id.get());
        return;
      }
    }
  }

  private void callUnderKey(Work work) {
    for (int i = 0;
        i < MOST_REPEATS && !pausedUntilStopped(i == 0 ? 1 : REPEAT_PAUSE_MILLIS);
        i++) {
      if (client.callUnderKey(work.token, work.body, work.token)) {
        return;
      }
    }
  }

  private void burst(Random random) {
    List<Work> items = IntStream.range(0, 10).mapToObj(i -> work(random)).toList();
    client.burst(items.stream().map(Work::token).toList(), items.stream().map(Work::body).toList());
  }

  private void keep(String id) {
    synchronized (accepted) {
      accepted.add(id);
    }
  }

  /** One that was accepted, most likely lately. */
  private Optional<String> known(Random random) {
    synchronized (accepted) {
      int back = 1 + random.nextInt(random.nextInt(10) == 0 ? 1_000 : 20);
      return accepted.isEmpty()
          ? Optional.empty()
          : Optional.of(accepted.get(Math.max(0, accepted.size() - back)));
    }
  }

  private boolean pausedUntilStopped(int millis) {
    try {
      return stopped.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    threads.shutdownNow();
    client.close();
  }
}
