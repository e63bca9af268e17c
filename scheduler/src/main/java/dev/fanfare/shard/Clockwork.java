package dev.fanfare.shard;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Usage;
import java.math.BigDecimal;

/** Does what is due. */
final class Clockwork {
  /** The most that one operation does, so that it stays short; the rest is due at once. */
  static final int MOST_AT_ONCE = 10_000;

  private static final boolean DESTRUCTIVE_POLL = Mutant.DESTRUCTIVE_POLL.on();

  private final Holdings holdings;
  private final Lifecycle lifecycle;

  Clockwork(Holdings holdings, Lifecycle lifecycle) {
    this.holdings = holdings;
    this.lifecycle = lifecycle;
  }

  void tick(Operation operation) {
    for (int i = 0; i < MOST_AT_ONCE && holdings.due.next() <= operation.now; i++) {
      switch (holdings.due.first()) {
        case Session session -> silent(session, operation);
        case Entry entry -> due(entry, operation);
      }
    }
  }

  /** Its time has come: it ends, is ready or is tried again. */
  void due(Entry entry, Operation operation) {
    if (entry.state == InvocationState.RUNNING) {
      ranTooLong(entry, operation);
    } else if (entry.mayExpire()
        && entry.expiresAt <= operation.now
        && entry.expiresAt <= entry.deadline) {
      String waited = seconds(operation.now - entry.submittedAt);
      String message = "no worker took it within " + waited + " s, which is as long as it may wait";
      fail(entry, FailureCode.EXPIRED, message, operation);
    } else if (entry.deadline <= operation.now) {
      fail(entry, FailureCode.TIMED_OUT, passed(entry, "waited"), operation);
    } else {
      lifecycle.ready(entry);
    }
  }

  /** A session's leases are given back, counted as losses. */
  void lose(Session session, Operation operation) {
    for (Lease lease : session.leases()) {
      if (!DESTRUCTIVE_POLL) {
        lifecycle.lose(lease.entry, session, operation);
      }
    }
    holdings.sessions.remove(session);
  }

  private void silent(Session session, Operation operation) {
    String reason = "nothing was heard of the session for " + seconds(session.leaseMicros) + " s";
    for (Lease lease : session.leases()) {
      lifecycle.revoke(lease.entry, reason, operation);
    }
    lose(session, operation);
  }

  private void ranTooLong(Entry entry, Operation operation) {
    if (entry.deadline <= operation.now) {
      lifecycle.revoke(entry, "its deadline passed", operation);
      fail(entry, FailureCode.TIMED_OUT, passed(entry, "ran"), operation);
      return;
    }
    String message =
        "the attempt did not end within its timeout of "
            + seconds(entry.timeoutMicros)
            + " s and the "
            + seconds(Entry.START_ALLOWANCE_MICROS)
            + " s that it may take to start";
    lifecycle.revoke(entry, message, operation);
    lifecycle.fail(entry, Fault.of(FailureCode.TIMED_OUT, message), Usage.NONE, operation);
  }

  private void fail(Entry entry, FailureCode code, String message, Operation operation) {
    lifecycle.end(entry, Outcome.Failure.of(code, message), Usage.NONE, operation);
  }

  private static String passed(Entry entry, String did) {
    String after = seconds(entry.deadline - entry.submittedAt);
    return "its deadline passed while it " + did + ", " + after + " s after it was submitted";
  }

  /** As a person writes it: 30, 2.5, 0.25. */
  private static String seconds(long micros) {
    return BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString();
  }
}
