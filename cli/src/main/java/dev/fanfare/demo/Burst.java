package dev.fanfare.demo;

import dev.fanfare.output.Progress;
import dev.fanfare.output.Sample;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Many calls of one function, a bounded number of them in flight, with the figures that come back.
 */
final class Burst {
  private static final int IN_FLIGHT = 64;

  private final Remote remote;
  private final String function;
  private final Sample whole = new Sample();
  private final Sample queued = new Sample();
  private final Sample run = new Sample();
  private final AtomicInteger failed = new AtomicInteger();
  private final Map<String, Integer> workers = new TreeMap<>();
  private double seconds;

  Burst(Remote remote, String function) {
    this.remote = remote;
    this.function = function;
  }

  /** Calls with every item's JSON; results come in any order, on any thread. */
  void run(int items, IntFunction<String> argument, Consumer<byte[]> result, Progress progress) {
    var room = new Semaphore(IN_FLIGHT);
    long started = System.nanoTime();
    try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < items; i++) {
        int item = i;
        room.acquire();
        calls.execute(
            () -> {
              try {
                call(argument.apply(item), result);
              } finally {
                progress.step();
                room.release();
              }
            });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.interrupted();
    }
    seconds = secondsSince(started);
  }

  private void call(String argument, Consumer<byte[]> result) {
    long started = System.nanoTime();
    HttpResponse<byte[]> response;
    try {
      response =
          remote.send(
              remote
                  .request("/function/" + function)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(argument)));
    } catch (CommandException e) {
      failed.incrementAndGet();
      return;
    }
    if (response.statusCode() != 200) {
      failed.incrementAndGet();
      return;
    }
    whole.add(secondsSince(started));
    figure(response, "X-Queue-Seconds", queued);
    figure(response, "X-Duration-Seconds", run);
    response.headers().firstValue("X-Worker").ifPresent(this::count);
    result.accept(response.body());
  }

  private static void figure(HttpResponse<byte[]> response, String header, Sample sample) {
    response.headers().firstValue(header).ifPresent(text -> sample.add(Double.parseDouble(text)));
  }

  private void count(String worker) {
    synchronized (workers) {
      workers.merge(worker, 1, Integer::sum);
    }
  }

  int inFlight() {
    return IN_FLIGHT;
  }

  int failed() {
    return failed.get();
  }

  double seconds() {
    return seconds;
  }

  /** From before the request until after the answer, as the caller sees it. */
  Sample whole() {
    return whole;
  }

  Sample queued() {
    return queued;
  }

  Sample attempts() {
    return run;
  }

  Map<String, Integer> workers() {
    return workers;
  }

  private static double secondsSince(long started) {
    return (System.nanoTime() - started) / 1e9;
  }
}
