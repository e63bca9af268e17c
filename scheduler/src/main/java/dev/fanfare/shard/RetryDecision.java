package dev.fanfare.shard;

import dev.fanfare.protocol.FailureCode;
import java.time.Duration;

/** What follows a failed attempt. */
sealed interface RetryDecision {
  /** The invocation has failed. */
  record GiveUp() implements RetryDecision {}

  /** It is tried again after a pause, which may be none. */
  record TryAgain(long pauseMicros) implements RetryDecision {}

  RetryDecision GIVE_UP = new GiveUp();
  RetryDecision AT_ONCE = new TryAgain(0);

  /**
   * The rule. Faults of the user's code and timeouts use up retries; a lost worker uses up the
   * shard's bound on losses only; all else would fail the same way again.
   *
   * @param failures attempts that ended by themselves or by their timeout, with this one
   * @param losses attempts that ended with their worker, with this one
   * @param retries how often the invocation may fail and be tried again; {@link Submission#NEVER}
   *     if not even when it was lost
   * @param seed makes up the jitter; the same seed gives the same pause
   */
  static RetryDecision after(
      FailureCode code, int failures, int losses, int retries, ShardLimits limits, long seed) {
    return switch (code) {
      case WORKER_LOST -> retries >= 0 && losses <= limits.losses() ? AT_ONCE : GIVE_UP;
      case USER_FAULT, TIMED_OUT, OUT_OF_MEMORY, CRASHED ->
          failures <= retries ? new TryAgain(pauseMicros(failures, limits, seed)) : GIVE_UP;
      case REJECTED,
          EXPIRED,
          RESULT_TOO_LARGE,
          BAD_RESULT,
          DEPENDENCY_FAILED,
          NO_SUCH_REVISION,
          CANCELLED_BY_PARENT,
          LEDGER_DAMAGED ->
          GIVE_UP;
    };
  }

  /** Exponential backoff with full jitter: anything from none to a bound that doubles each time. */
  private static long pauseMicros(int failures, ShardLimits limits, long seed) {
    long first = micros(limits.firstBackoff());
    int doublings = Math.min(failures - 1, Long.numberOfLeadingZeros(first) - 1);
    long bound = Math.min(first << doublings, micros(limits.longestBackoff()));
    return Long.remainderUnsigned(mix(seed + failures), bound + 1);
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }

  /** SplitMix64's finaliser (Steele, Lea, Flood 2014). */
  private static long mix(long value) {
    long z = value * 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
