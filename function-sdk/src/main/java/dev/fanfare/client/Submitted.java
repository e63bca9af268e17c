package dev.fanfare.client;

import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * An invocation that the platform accepted; it goes on whatever becomes of this program.
 * Thread-safe.
 */
public final class Submitted<R> {
  private static final Duration LONGEST_POLL = Duration.ofSeconds(20);
  private static final Duration QUICK = Duration.ofSeconds(30);

  private final Connection connection;
  private final Bodies<R> bodies;
  private final String id;

  /** Where an invocation stands. */
  public enum State {
    /** Waits for its time: a delay, or the pause before a retry. */
    SCHEDULED,
    /** Waits for a worker. */
    QUEUED,
    /** Leased to a worker. */
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** Whether nothing can change any more. */
    public boolean terminal() {
      return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }
  }

  Submitted(Connection connection, Bodies<R> bodies, String id) {
    this.connection = connection;
    this.bodies = bodies;
    this.id = id;
  }

  /** The invocation's id, with which any client finds it: {@link Fanfare#invocation}. */
  public String id() {
    return id;
  }

  /**
   * Where it stands now.
   *
   * @throws Refused if the platform does not know it (any more)
   */
  public State state() {
    var request = connection.request("/invocations/" + id).GET().timeout(QUICK).build();
    return Answers.state(Answers.plain(connection.send(request)));
  }

  /**
   * Waits for its end, through short interruptions of the connection too.
   *
   * @param longest how long to wait; zero looks once
   * @return the result, null where the function returned nothing
   * @throws NotEnded if it goes on after that
   * @throws FunctionFailed if it ended without a result
   * @throws Refused if the platform does not know it (any more)
   * @throws Unreachable if the platform did not answer up to the end of the wait
   */
  public R result(Duration longest) {
    long end = System.nanoTime() + nanos(longest);
    var pauses = new Pauses();
    while (true) {
      long left = Math.max(0, end - System.nanoTime());
      try {
        HttpResponse<byte[]> answer = poll(Math.min(left, LONGEST_POLL.toNanos()));
        if (answer.statusCode() != 202) {
          return bodies.result(Answers.result(answer));
        }
        if (end - System.nanoTime() <= 0) {
          throw new NotEnded(id, Answers.state(answer), longest);
        }
        pauses.reset();
      } catch (Unreachable | Refused e) {
        boolean passes = e instanceof Unreachable || ((Refused) e).status() == 503;
        if (!passes || end - System.nanoTime() <= 0) {
          throw e;
        }
        pauses.pause(end - System.nanoTime());
      }
    }
  }

  /**
   * Cancels it: at once while it waits, soon while it runs.
   *
   * @return whether it was cancelled by this; false if it had ended before
   * @throws Refused if the platform does not know it (any more)
   */
  public boolean cancel() {
    var request = connection.request("/invocations/" + id).DELETE().timeout(QUICK).build();
    var answer = connection.send(request);
    if (answer.statusCode() == 409) {
      return false;
    }
    Answers.plain(answer);
    return true;
  }

  @Override
  public String toString() {
    return "invocation " + id;
  }

  private HttpResponse<byte[]> poll(long waitNanos) {
    long millis = waitNanos / 1_000_000;
    var request =
        connection
            .request("/invocations/" + id + "/result?wait=" + millis + "ms")
            .GET()
            .timeout(QUICK.plusMillis(millis));
    return connection.send(request.build());
  }

  private static long nanos(Duration longest) {
    return longest.compareTo(Duration.ofDays(365)) > 0
        ? Duration.ofDays(365).toNanos()
        : longest.toNanos();
  }
}
