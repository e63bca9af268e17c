package dev.fanfare.ledger;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Named places where the process ends at once, as if it were killed: {@code
 * -Dfanfare.failpoint=ledger.before-commit}, or with {@code :20} at the end when that place is
 * reached for the twentieth time; with {@code :20ms} it goes on after a pause instead, each time,
 * as if the disk were slow. For tests of what a crash leaves behind; without the property nothing
 * happens.
 */
public final class Failpoint {
  /** A transaction is complete and not committed. */
  public static final Failpoint LEDGER_BEFORE_COMMIT = new Failpoint("ledger.before-commit");

  /** A transaction is on disk and nobody was told. */
  public static final Failpoint LEDGER_AFTER_COMMIT = new Failpoint("ledger.after-commit");

  /** An asynchronous submission is safe and its caller was not answered. */
  public static final Failpoint ACCEPT_BEFORE_ANSWER = new Failpoint("accept.before-answer");

  /** An asynchronous submission's answer was handed to the network. */
  public static final Failpoint ACCEPT_AFTER_ANSWER = new Failpoint("accept.after-answer");

  private static final int AS_IF_KILLED = 137;

  private final int at;
  private final int pauseMillis;
  private final AtomicInteger reached = new AtomicInteger();

  private Failpoint(String name) {
    String when = when(name);
    boolean pauses = when.endsWith("ms");
    this.pauseMillis = pauses ? Integer.parseInt(when.substring(0, when.length() - 2)) : 0;
    this.at = pauses ? 0 : Integer.parseInt(when);
  }

  /** Ends or delays the process if this is the place and the time. */
  public void reach() {
    if (at > 0 && reached.incrementAndGet() == at) {
      Runtime.getRuntime().halt(AS_IF_KILLED);
    }
    if (pauseMillis > 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
    }
  }

  private static String when(String name) {
    String wanted = System.getProperty("fanfare.failpoint", "");
    if (wanted.equals(name)) {
      return "1";
    }
    return wanted.startsWith(name + ":") ? wanted.substring(name.length() + 1) : "0";
  }
}
