package dev.fanfare.worker;

import dev.fanfare.cache.CachedRevision;
import dev.fanfare.cache.Downloads;
import dev.fanfare.cache.MissingBlob;
import dev.fanfare.cache.Revisions;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Payload;
import dev.fanfare.worker.TrackedAttempt.Ending;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes leases: sees that code and body are here, then gives them a place. Only on the agent's
 * context.
 */
final class Intake {
  private static final Logger log = LoggerFactory.getLogger(Intake.class);

  /**
   * After trouble with files, a lease is given back this much later, so that it does not come in
   * circles.
   */
  private static final long TROUBLE_MILLIS = 1_000;

  /** How long an attempt that is stopped may take before its runtime is killed. */
  static final long GRACE_NANOS = 1_000_000_000;

  private final Vertx vertx;
  private final Attempts attempts;
  private final CreditBook credits;
  private final Revisions revisions;
  private final Downloads downloads;
  private final Slots slots;
  private final Reports reports;
  private int preparing;

  Intake(
      Vertx vertx,
      Attempts attempts,
      CreditBook credits,
      Revisions revisions,
      Downloads downloads,
      Slots slots,
      Reports reports) {
    this.vertx = vertx;
    this.attempts = attempts;
    this.credits = credits;
    this.revisions = revisions;
    this.downloads = downloads;
    this.slots = slots;
    this.reports = reports;
  }

  /** How many wait for their files. */
  int preparing() {
    return preparing;
  }

  void take(Frame.Leases leases) {
    long now = System.nanoTime();
    for (int i = 0; i < leases.leases().size(); i++) {
      Lease lease = leases.leases().get(i);
      TrackedAttempt.Uses uses = uses(leases, i);
      credits.spend(FunctionKey.of(lease), uses);
      var attempt = new TrackedAttempt(lease, uses, now);
      attempts.add(attempt);
      CachedRevision revision = revisions.held(lease.revision());
      if (revision != null && lease.payload() instanceof Payload.Inline) {
        slots.place(attempt, revision);
      } else {
        prepare(attempt);
      }
    }
    reports.wake();
  }

  private static TrackedAttempt.Uses uses(Frame.Leases leases, int index) {
    if (index < leases.warm()) {
      return TrackedAttempt.Uses.WARM;
    }
    boolean guest = index >= leases.leases().size() - leases.guests();
    return guest ? TrackedAttempt.Uses.GUEST : TrackedAttempt.Uses.FREE;
  }

  private void prepare(TrackedAttempt attempt) {
    preparing++;
    revisions
        .get(attempt.lease.revision())
        .compose(revision -> body(attempt).map(revision))
        .onComplete(
            done -> {
              if (!attempts.has(attempt)) {
                preparing--;
              } else if (done.succeeded()) {
                preparing--;
                slots.place(attempt, done.result());
              } else {
                trouble(attempt, done.cause());
              }
              reports.wake();
            });
  }

  private Future<Void> body(TrackedAttempt attempt) {
    if (!(attempt.lease.payload() instanceof Payload.Blob blob)) {
      return Future.succeededFuture();
    }
    return downloads
        .get(blob.hash())
        .onSuccess(file -> attempt.bodyHeld = true)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof MissingBlob missing && missing.forGood()
                        ? new MissingBody(failure)
                        : failure))
        .mapEmpty();
  }

  /** The gateway does not have the request's body. */
  private static final class MissingBody extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingBody(Throwable cause) {
      super("the request's body is not kept any more: " + cause.getMessage(), cause);
    }
  }

  private void trouble(TrackedAttempt attempt, Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    switch (failure) {
      case MissingBlob missing when missing.forGood() -> {
        preparing--;
        reports.failed(attempt, FailureCode.NO_SUCH_REVISION, message);
      }
      case IllegalArgumentException wrong -> {
        preparing--;
        reports.failed(attempt, FailureCode.NO_SUCH_REVISION, message);
      }
      case MissingBody missing -> {
        preparing--;
        reports.failed(attempt, FailureCode.CRASHED, message);
      }
      default -> {
        log.warn(
            "invocation {} is given back: its files cannot be had", attempt.lease.id(), failure);
        vertx.setTimer(
            TROUBLE_MILLIS,
            timer -> {
              preparing--;
              if (attempts.has(attempt)) {
                reports.giveBack(attempt);
              }
            });
      }
    }
  }

  /** The gateway wants these stopped; nobody waits for how they end. */
  void revoke(Frame.Revoke revoke) {
    for (Held held : revoke.leases()) {
      TrackedAttempt attempt = attempts.get(held);
      if (attempt != null) {
        revoke(attempt, revoke.reason());
      }
    }
    reports.wake();
  }

  private void revoke(TrackedAttempt attempt, String reason) {
    attempt.ending = Ending.REVOKED;
    attempt.killAtNanos = System.nanoTime() + GRACE_NANOS;
    HostedRuntime runtime = attempt.runtime;
    if (runtime == null) {
      slots.stopWaiting(attempt);
      attempts.remove(attempt);
    } else if (runtime.stop(attempt, reason)) {
      slots.givenBack(runtime, List.of(attempt.held));
    }
  }

  /**
   * Gives back everything that has not started; what a runtime already has is asked back from it.
   */
  void giveBackWaiting() {
    for (TrackedAttempt attempt : List.copyOf(attempts.all())) {
      if (attempt.runtime == null) {
        slots.stopWaiting(attempt);
        reports.giveBack(attempt);
      }
    }
    for (HostedRuntime runtime : List.copyOf(slots.hosts().all())) {
      if (!runtime.ready()) {
        runtime.kill();
      } else {
        var waiting = new java.util.ArrayList<TrackedAttempt>();
        runtime.waiting().forEach(waiting::add);
        if (!waiting.isEmpty()) {
          runtime.recall(waiting);
        }
      }
    }
    reports.wake();
  }

  /** The session is over and its unstarted leases with it. */
  void forgetWaiting() {
    for (TrackedAttempt attempt : attempts.all()) {
      if (attempt.startedNanos == 0) {
        attempt.ending = Ending.REVOKED;
        attempt.killAtNanos = Long.MAX_VALUE;
      }
    }
    giveBackWaiting();
  }
}
