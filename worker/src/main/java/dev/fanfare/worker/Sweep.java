package dev.fanfare.worker;

import dev.fanfare.worker.TrackedAttempt.Ending;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Looks every few milliseconds for what takes too long. Only on the agent's context. */
final class Sweep {
  static final long PERIOD_MILLIS = 10;

  /** Work held ahead is asked back when the work before it takes longer than this. */
  private static final long AHEAD_NANOS = 8_000_000;

  /** A lease that finds no slot for this long is given back. */
  private static final long NO_SLOT_NANOS = 10_000_000;

  /** A guest that no slot could be handed to for this long may be better off elsewhere. */
  private static final long GUEST_NANOS = 1_000_000_000;

  private final Slots slots;
  private final Reports reports;

  Sweep(Slots slots, Reports reports) {
    this.slots = slots;
    this.reports = reports;
  }

  void run(long now) {
    for (HostedRuntime runtime : List.copyOf(slots.hosts().all())) {
      if (runtime.ready()) {
        stopOverdue(runtime, now);
        recallBlocked(runtime, now);
      }
    }
    giveBackLate(slots.waitingForSlot(), now - NO_SLOT_NANOS);
    giveBackLate(slots.guests(), now - GUEST_NANOS);
  }

  private void giveBackLate(Deque<TrackedAttempt> waiting, long sinceNanos) {
    while (!waiting.isEmpty() && waiting.getFirst().arrivedNanos - sinceNanos < 0) {
      TrackedAttempt late = waiting.getFirst();
      slots.stopWaiting(late);
      reports.giveBack(late);
    }
  }

  private static void stopOverdue(HostedRuntime runtime, long now) {
    var overdue = new ArrayList<TrackedAttempt>();
    boolean kill = false;
    for (TrackedAttempt attempt : runtime.running()) {
      if (attempt.ending == null && attempt.overdue(now)) {
        overdue.add(attempt);
      } else if (attempt.ending != null && now > attempt.killAtNanos) {
        kill = true;
      }
    }
    for (TrackedAttempt attempt : overdue) {
      attempt.ending = Ending.TIMED_OUT;
      attempt.killAtNanos = now + Intake.GRACE_NANOS;
      runtime.stop(attempt, "timed out");
    }
    if (kill) {
      runtime.kill();
    }
  }

  private static void recallBlocked(HostedRuntime runtime, long now) {
    if (now - runtime.lastNewsNanos() > AHEAD_NANOS) {
      var blocked = new ArrayList<TrackedAttempt>();
      for (TrackedAttempt attempt : runtime.waiting()) {
        if (!attempt.recalled && now - attempt.arrivedNanos > AHEAD_NANOS) {
          blocked.add(attempt);
        }
      }
      if (!blocked.isEmpty()) {
        runtime.function().isLong();
        runtime.recall(blocked);
      }
    }
  }
}
