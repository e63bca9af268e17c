package dev.fanfare.blackbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls {@code echo-json} again and again from a thread of its own, each call until it succeeds, at
 * most a minute.
 */
final class RetryingClient implements AutoCloseable {
  private static final Set<Integer> WORTH_RETRYING = Set.of(429, 500, 502, 503, 504);
  private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();

  private final URI url;
  private final String key;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final AtomicInteger answered = new AtomicInteger();
  private final List<String> failed = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean stopped;

  private RetryingClient(URI url, String key) {
    this.url = url.resolve("/function/echo-json");
    this.key = key;
    this.thread = Thread.ofPlatform().name("retrying-client").start(this::callOnAndOn);
  }

  static RetryingClient start(URI url, String key) {
    return new RetryingClient(url, key);
  }

  int answered() {
    return answered.get();
  }

  /** Calls that did not succeed within a minute of tries, or that had a wrong answer. */
  List<String> failed() {
    return failed;
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    thread.join();
    http.close();
  }

  private void callOnAndOn() {
    for (int i = 0; !stopped; i++) {
      String body = "{\"call\":" + i + "}";
      String answer = untilItSucceeds(body);
      if (answer.equals(body)) {
        answered.incrementAndGet();
      } else {
        failed.add(body + " -> " + answer);
      }
    }
  }

  private String untilItSucceeds(String body) {
    long start = System.nanoTime();
    String last = "no try";
    while (System.nanoTime() - start < LONGEST_NANOS) {
      try {
        HttpResponse<String> response = http.send(request(body), BodyHandlers.ofString());
        if (response.statusCode() == 200) {
          return response.body();
        }
        last = response.statusCode() + " " + response.body();
        if (!WORTH_RETRYING.contains(response.statusCode())) {
          return last;
        }
      } catch (IOException e) {
        last = e.toString();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "interrupted";
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return last;
  }

  private HttpRequest request(String body) {
    return HttpRequest.newBuilder(url)
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(15))
        .POST(BodyPublishers.ofString(body))
        .build();
  }
}
