package dev.fanfare.client;

import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether a submission that was not accepted is tried again: 429 and 503, after what the
 * answer advises, within a bound. An answer that leaves open whether it was accepted is final.
 */
final class Patience {
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int MOST_ADVISED_SECONDS = 10;

  private final boolean repeatable;
  private final long end = System.nanoTime() + LONGEST_NANOS;
  private final Pauses pauses = new Pauses();

  Patience(boolean repeatable) {
    this.repeatable = repeatable;
  }

  /** Whether to ask again; if so, returns when the time for it has come. */
  boolean asksAgain(HttpResponse<byte[]> answer) {
    boolean busy = answer.statusCode() == 429 || answer.statusCode() == 503;
    if (!busy || !repeatable || Problem.of(answer).code().equals("uncertain")) {
      return false;
    }
    long left = end - System.nanoTime();
    long advised = TimeUnit.SECONDS.toNanos(advisedSeconds(answer));
    if (left <= advised) {
      return false;
    }
    if (advised > 0) {
      Pauses.sleep(TimeUnit.NANOSECONDS.toMillis(advised));
    } else {
      pauses.pause(left);
    }
    return true;
  }

  private static int advisedSeconds(HttpResponse<byte[]> answer) {
    String text = answer.headers().firstValue("Retry-After").orElse("");
    return text.matches("\\d{1,9}") ? Math.min(Integer.parseInt(text), MOST_ADVISED_SECONDS) : 0;
  }
}
