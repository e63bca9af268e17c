package dev.fanfare.worker;

import dev.fanfare.cache.BlobCache;
import dev.fanfare.cache.Uploads;
import dev.fanfare.frame.EventBatch;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Events;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Outcomes;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.LogLine;
import dev.fanfare.protocol.Durations;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Usage;
import dev.fanfare.worker.TrackedAttempt.Ending;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What goes up: outcomes, which are kept until they are acknowledged, leases given back, log lines.
 * All of one tick goes in one frame of each kind. Only on the agent's context.
 */
final class Reports {
  /** With more outcomes than this unacknowledged, the worker offers no room. */
  static final int MOST_UNACKNOWLEDGED = 20_000;

  /** Lines that wait for a session; more are dropped. */
  private static final int MOST_LINES = 10_000;

  private final Attempts attempts;
  private final BlobCache cache;
  private final Uploads uploads;
  private final Runnable wake;
  private final ArrayDeque<Outcomes> unacknowledged = new ArrayDeque<>();
  private final Map<Held, Settlement> uploading = new HashMap<>();
  private final EventBatch events = new EventBatch();
  private List<Settlement> settled = new ArrayList<>();
  private List<Held> returned = new ArrayList<>();
  private List<LogLine> lines = new ArrayList<>();
  private long sequence;
  private int unacknowledgedCount;

  /** Asks by {@code wake} to be flushed at the end of the tick. */
  Reports(Attempts attempts, BlobCache cache, Uploads uploads, Runnable wake) {
    this.attempts = attempts;
    this.cache = cache;
    this.uploads = uploads;
    this.wake = wake;
  }

  void wake() {
    wake.run();
  }

  int unacknowledged() {
    return unacknowledgedCount + settled.size();
  }

  boolean isEmpty() {
    return settled.isEmpty() && unacknowledged.isEmpty() && uploading.isEmpty();
  }

  // ---- how attempts end ----

  /** The runtime, or its end, told how the attempt ended. */
  void ended(TrackedAttempt attempt, Settlement settlement) {
    attempts.remove(attempt);
    if (attempt.ending == Ending.REVOKED) {
      discard(settlement.outcome());
    } else if (attempt.ending == Ending.TIMED_OUT
        && !(settlement.outcome() instanceof Outcome.Success)) {
      settle(timedOutSettlement(attempt, settlement.usage()));
    } else {
      settle(withCold(settlement, attempt.coldMicros));
    }
  }

  void failed(TrackedAttempt attempt, FailureCode code, String message) {
    var outcome = Outcome.Failure.of(code, message);
    ended(attempt, new Settlement(attempt.lease.id(), attempt.lease.fence(), outcome, Usage.NONE));
  }

  void timedOut(TrackedAttempt attempt, Usage usage) {
    attempts.remove(attempt);
    settle(timedOutSettlement(attempt, usage));
  }

  /** It did not start here, or was stopped for another's sake. */
  void giveBack(TrackedAttempt attempt) {
    attempts.remove(attempt);
    if (attempt.ending != Ending.REVOKED) {
      returned.add(attempt.held);
      wake();
    }
  }

  /** A function said something in a channel. */
  void said(Events said) {
    events.add(said);
    wake();
  }

  void logged(List<LogLine> more) {
    if (lines.size() < MOST_LINES) {
      lines.addAll(more);
    }
    wake();
  }

  private static Settlement timedOutSettlement(TrackedAttempt attempt, Usage usage) {
    Duration timeout = Duration.ofNanos(attempt.lease.timeoutMicros() * 1_000);
    var outcome =
        Outcome.Failure.of(
            FailureCode.TIMED_OUT,
            "it ran longer than its timeout of " + Durations.format(timeout) + " and was stopped");
    return withCold(
        new Settlement(attempt.lease.id(), attempt.lease.fence(), outcome, usage),
        attempt.coldMicros);
  }

  private static Settlement withCold(Settlement settlement, long coldMicros) {
    Usage used = settlement.usage();
    return coldMicros == 0
        ? settlement
        : new Settlement(
            settlement.id(),
            settlement.fence(),
            settlement.outcome(),
            new Usage(
                coldMicros,
                used.runMicros(),
                used.cpuMicros(),
                used.peakMemoryBytes(),
                used.bytesIn(),
                used.bytesOut()));
  }

  // ---- results ----

  private void settle(Settlement settlement) {
    if (settlement.outcome() instanceof Outcome.Success success
        && success.result() instanceof Payload.Blob blob) {
      upload(settlement, blob);
    } else {
      settled.add(settlement);
      wake();
    }
  }

  private void upload(Settlement settlement, Payload.Blob blob) {
    var held = new Held(settlement.id(), settlement.fence());
    cache.add(blob.hash(), blob.size());
    uploading.put(held, settlement);
    uploads
        .send(blob, cache.path(blob.hash()))
        .onComplete(
            done -> {
              cache.release(blob.hash());
              uploading.remove(held);
              settled.add(done.succeeded() ? settlement : refused(settlement, done.cause()));
              wake();
            });
  }

  private static Settlement refused(Settlement settlement, Throwable failure) {
    return new Settlement(
        settlement.id(),
        settlement.fence(),
        Outcome.Failure.of(
            FailureCode.BAD_RESULT, "the result could not be uploaded: " + failure.getMessage()),
        settlement.usage());
  }

  private void discard(Outcome outcome) {
    if (outcome instanceof Outcome.Success success
        && success.result() instanceof Payload.Blob blob) {
      cache.add(blob.hash(), blob.size());
      cache.release(blob.hash());
    }
  }

  // ---- sending ----

  /** What functions said goes before how they ended. */
  void flush(Consumer<Frame> gateway) {
    events.flush(gateway);
    if (!lines.isEmpty()) {
      gateway.accept(new Frame.Logs(lines));
      lines = new ArrayList<>();
    }
    if (!settled.isEmpty()) {
      var outcomes = new Outcomes(++sequence, settled);
      unacknowledged.add(outcomes);
      unacknowledgedCount += settled.size();
      settled = new ArrayList<>();
      gateway.accept(outcomes);
    }
    if (!returned.isEmpty()) {
      gateway.accept(new Frame.Returned(returned));
      returned = new ArrayList<>();
    }
  }

  void acknowledged(long upTo) {
    while (!unacknowledged.isEmpty() && unacknowledged.getFirst().sequence() <= upTo) {
      unacknowledgedCount -= unacknowledged.removeFirst().settlements().size();
    }
  }

  /**
   * The leases of the last session that the next one must take over: of outcomes not yet settled.
   */
  List<Held> heldForOutcomes() {
    var held = new ArrayList<>(uploading.keySet());
    unacknowledged.forEach(
        outcomes -> outcomes.settlements().forEach(s -> held.add(new Held(s.id(), s.fence()))));
    settled.forEach(s -> held.add(new Held(s.id(), s.fence())));
    return held;
  }

  /** Sends again what the last session did not acknowledge. */
  void resend(Consumer<Frame> gateway) {
    unacknowledged.forEach(gateway);
    uploads.resume();
  }

  /** What was to be given back to a session that is over need not be, nor is what was said. */
  void sessionLost() {
    events.flush(lost -> {});
    returned.clear();
  }
}
