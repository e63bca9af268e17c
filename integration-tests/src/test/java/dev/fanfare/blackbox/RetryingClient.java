package dev.fanfare.blackbox;

import dev.fanfare.history.Event;
import dev.fanfare.history.History;
import dev.fanfare.history.RecordingClient;
import dev.fanfare.history.RecordingFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls the recording function again and again from a thread of its own, each call under a key and
 * until it is answered, at most two minutes.
 */
final class RetryingClient implements AutoCloseable {
  private static final String PREFIX = "steady-";
  private static final long LONGEST_NANOS = Duration.ofMinutes(2).toNanos();
  private static final int PAUSE_MILLIS = 50;
  private static final int PAUSE_AFTER_FAILURE_MILLIS = 200;

  private final RecordingClient client;
  private final History history;
  private final AtomicInteger answered = new AtomicInteger();
  private final List<String> unanswered = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;

  private RetryingClient(RecordingClient client, History history) {
    this.client = client;
    this.history = history;
    this.thread = Thread.ofVirtual().name("retrying-client").start(this::callOnAndOn);
  }

  static RetryingClient start(RecordingClient client, History history) {
    return new RetryingClient(client, history);
  }

  int answered() {
    return answered.get();
  }

  /** Calls without an answer after two minutes of tries, and those whose answer is a failure. */
  List<String> failed() {
    var failed = new ArrayList<>(unanswered);
    history.events().stream()
        .filter(event -> event.token().startsWith(PREFIX))
        .filter(event -> event.kind() == Event.Kind.OK)
        .filter(event -> !event.outcome().startsWith("SUCCEEDED " + event.token() + " "))
        .forEach(event -> failed.add(event.toString()));
    return failed;
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.close();
  }

  private void callOnAndOn() {
    for (int i = 0; !pausedUntilStopped(PAUSE_MILLIS); i++) {
      String token = PREFIX + i;
      if (untilAnswered(token)) {
        answered.incrementAndGet();
      } else {
        unanswered.add(token);
      }
    }
  }

  private boolean untilAnswered(String token) {
    long begun = System.nanoTime();
    String body = RecordingFunction.body(token, 0, 0);
    while (!client.callUnderKey(token, body, token)) {
      if (System.nanoTime() - begun > LONGEST_NANOS) {
        return false;
      }
      pausedUntilStopped(PAUSE_AFTER_FAILURE_MILLIS);
    }
    return true;
  }

  private boolean pausedUntilStopped(int millis) {
    try {
      return stopped.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
