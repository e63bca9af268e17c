package dev.fanfare.ledger;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.WorkerId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A function's figures over its newest calls, at most {@link #MOST_CALLS}.
 *
 * @param calls how many ended
 * @param failures how many of them failed
 * @param queue time from submission to the start of the last attempt, of those that started
 * @param run time inside the function, of those that started
 * @param workers that ran them, sorted by name
 */
public record FunctionStatistics(
    long calls, long failures, Percentiles queue, Percentiles run, List<WorkerId> workers) {
  public static final int MOST_CALLS = 10_000;

  public FunctionStatistics {
    workers = List.copyOf(workers);
  }

  /**
   * One of the calls.
   *
   * @param queued microseconds until it started; less than none if it never did
   * @param ran microseconds
   */
  public record Call(
      InvocationId id, boolean failed, long queued, long ran, Optional<WorkerId> worker) {}

  /** Of these calls. */
  public static FunctionStatistics of(List<Call> calls) {
    List<Call> started = calls.stream().filter(call -> call.queued >= 0).toList();
    return new FunctionStatistics(
        calls.size(),
        calls.stream().filter(Call::failed).count(),
        Percentiles.of(started.stream().mapToLong(Call::queued).toArray()),
        Percentiles.of(started.stream().mapToLong(Call::ran).toArray()),
        started.stream()
            .flatMap(call -> call.worker.stream())
            .distinct()
            .sorted(Comparator.comparing(WorkerId::value))
            .toList());
  }

  /**
   * Half, 95 and 99 of a hundred took at most this long, in microseconds; 0 when there were none.
   */
  public record Percentiles(long p50, long p95, long p99) {
    /** Of these values; sorts the array. */
    static Percentiles of(long[] values) {
      java.util.Arrays.sort(values);
      return new Percentiles(at(values, 50), at(values, 95), at(values, 99));
    }

    private static long at(long[] sorted, int percent) {
      return sorted.length == 0 ? 0 : sorted[Math.ceilDiv(sorted.length * percent, 100) - 1];
    }
  }
}
