package dev.fanfare.worker;

import dev.fanfare.cache.CachedRevision;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Policy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The runtimes of one function, and how long its runs take. */
final class FunctionRuntimes {
  /** As much work as a runtime may hold ahead. */
  private static final long PREFETCH_MICROS = 2_000;

  /** A function whose runs are longer than this gets nothing ahead. */
  private static final long LONG_RUN_MICROS = 10_000;

  /**
   * Beyond this nothing is won by larger frames, while each of them takes longer, for which calls
   * of other functions wait.
   */
  private static final int MOST_AHEAD = 32;

  final FunctionKey key;
  final CachedRevision revision;
  final FunctionSpec spec;
  final List<HostedRuntime> runtimes = new ArrayList<>();

  /** So many are kept warm. */
  int least;

  /** So many there may be. */
  int most;

  /** Moving average; below 0 while nothing is known. */
  private double averageMicros = -1;

  FunctionRuntimes(FunctionKey key, CachedRevision revision, FunctionSpec spec) {
    this.key = key;
    this.revision = revision;
    this.spec = spec;
    this.most = spec.policy().scale().max().orElse(Integer.MAX_VALUE);
  }

  Policy policy() {
    return spec.policy();
  }

  int concurrency() {
    return spec.policy().concurrency();
  }

  void ran(long micros) {
    averageMicros = averageMicros < 0 ? micros : averageMicros + (micros - averageMicros) / 8;
  }

  /** A run turned out longer than what is held ahead allows for. */
  void isLong() {
    averageMicros = Math.max(averageMicros, 2 * LONG_RUN_MICROS);
  }

  /** How many invocations a runtime may hold beyond those it runs. */
  int ahead() {
    if (averageMicros < 0 || averageMicros > LONG_RUN_MICROS) {
      return 0;
    }
    return Math.clamp(PREFETCH_MICROS / Math.max(1, (long) averageMicros), 1, MOST_AHEAD);
  }

  /** How long a further invocation would wait in the runtime, by the average. */
  double expectedWaitMicros(HostedRuntime runtime) {
    return averageMicros < 0
        ? Double.MAX_VALUE
        : averageMicros * runtime.outstanding() / concurrency();
  }

  /** The one that runs fewest, of those that run or start something and have room for more. */
  @Nullable HostedRuntime leastLoaded(int roomBeyondConcurrency) {
    HostedRuntime best = null;
    for (HostedRuntime runtime : runtimes) {
      if (runtime.outstanding() > 0
          && !runtime.yields()
          && !runtime.isEnding()
          && runtime.outstanding() < concurrency() + roomBeyondConcurrency
          && (best == null || runtime.outstanding() < best.outstanding())) {
        best = runtime;
      }
    }
    return best;
  }

  /** How many of its runtimes hold a slot. */
  int working() {
    int working = 0;
    for (HostedRuntime runtime : runtimes) {
      working += runtime.idle() ? 0 : 1;
    }
    return working;
  }

  /** Whether there are as many as there may be. */
  boolean full() {
    return runtimes.size() >= most;
  }

  /** Whether one of them can go, or serve another function. */
  boolean hasSpare() {
    return runtimes.stream().filter(runtime -> !runtime.isEnding()).count() > least;
  }

  boolean starting() {
    for (HostedRuntime runtime : runtimes) {
      if (!runtime.ready()) {
        return true;
      }
    }
    return false;
  }

  int outstanding() {
    int sum = 0;
    for (HostedRuntime runtime : runtimes) {
      sum += runtime.outstanding();
    }
    return sum;
  }

  /**
   * Room that is worth offering: in runtimes that run something, and if there may be no more of
   * them, in as many idle ones as slots are free.
   */
  int warmRoom(int freeSlots) {
    int room = 0;
    int idle = full() ? freeSlots : 0;
    int each = concurrency() + ahead();
    for (HostedRuntime runtime : runtimes) {
      boolean works = runtime.ready() && runtime.outstanding() > 0 && !runtime.yields();
      if (works || runtime.ready() && runtime.idle() && idle-- > 0) {
        room += Math.max(0, each - runtime.outstanding());
      }
    }
    return room;
  }
}
