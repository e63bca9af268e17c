package dev.fanfare.burst;

import dev.fanfare.journal.BurstHead;
import java.util.Optional;

/**
 * How far a burst is. Times are epoch microseconds, 0 where the moment has not come; durations are
 * microseconds.
 *
 * @param state whether items still come, or run, or all have ended
 * @param submitted items that came so far
 * @param running of those that have not ended, those that a worker has
 * @param rerun invocations that were slow and were run a second time
 * @param perSecond items that end in a second: of late, or in all once it has ended
 * @param chunk how many items share an invocation at present
 * @param kept results that can be read again
 * @param dropped results that cannot, because there was no room for them
 * @param why it does not go on, in words, where no worker could run its items
 */
public record Progress(
    String id,
    String function,
    String revision,
    State state,
    boolean cancelled,
    long submitted,
    long running,
    long succeeded,
    long failed,
    long cancelledItems,
    long invocations,
    long rerun,
    double perSecond,
    long beganAt,
    long endedAt,
    long now,
    Percentiles queue,
    Percentiles run,
    Percentiles total,
    int chunk,
    long kept,
    long dropped,
    Optional<String> why) {

  /** Where a burst stands. */
  public enum State {
    /** More items may come. */
    OPEN,
    /** All items are here. */
    RUNNING,
    /** All items have ended. */
    ENDED
  }

  /** Of a kind of duration, in microseconds. */
  public record Percentiles(long p50, long p95, long p99) {
    static Percentiles of(dev.fanfare.timeline.Histogram histogram) {
      return new Percentiles(
          histogram.percentile(0.5), histogram.percentile(0.95), histogram.percentile(0.99));
    }
  }

  /** Items that have not ended and that no worker has. */
  public long queued() {
    return submitted - succeeded - failed - cancelledItems - running;
  }

  static Progress of(Burst burst) {
    Figures figures = burst.figures();
    long now = burst.now();
    long open = figures.submitted - figures.ended();
    return new Progress(
        burst.id(),
        burst.work().target().function().value(),
        burst.work().target().revision().toString(),
        state(burst),
        burst.execution().cancelled() != null,
        figures.submitted,
        open == 0 ? 0 : Math.min(open, burst.execution().running()),
        figures.succeeded,
        figures.failed,
        figures.cancelled,
        figures.invocations,
        figures.rerun,
        perSecond(figures, now),
        figures.beganAt,
        figures.endedAt,
        now,
        Percentiles.of(figures.queue),
        Percentiles.of(figures.run),
        Percentiles.of(figures.total),
        burst.execution().chunk(),
        burst.keptResults(),
        burst.droppedResults(),
        open == 0 ? Optional.empty() : burst.whyNot());
  }

  /** As it was written down, where nobody runs it at present. */
  static Progress of(BurstHead head, long now) {
    BurstHead.Counts counts = head.counts();
    var unknown = new Percentiles(0, 0, 0);
    double seconds = Math.max(1, head.endedAt() - head.beganAt()) / 1e6;
    return new Progress(
        head.id(),
        head.function().value(),
        head.revision().toString(),
        head.over() ? State.ENDED : head.complete() ? State.RUNNING : State.OPEN,
        head.cancelled().isPresent(),
        head.itemCount(),
        0,
        counts.succeeded(),
        counts.failed(),
        counts.cancelled(),
        0,
        0,
        head.over() ? head.resultCount() / seconds : 0,
        head.beganAt(),
        head.endedAt(),
        now,
        unknown,
        unknown,
        unknown,
        1,
        head.resultCount(),
        0,
        Optional.empty());
  }

  private static State state(Burst burst) {
    if (burst.over()) {
      return State.ENDED;
    }
    return burst.inputEnded() ? State.RUNNING : State.OPEN;
  }

  private static double perSecond(Figures figures, long now) {
    return figures.endedAt == 0
        ? figures.rate.perSecond(now)
        : figures.ended() * 1e6 / Math.max(1, figures.endedAt - figures.beganAt);
  }
}
