package dev.fanfare.burst;

import dev.fanfare.journal.BurstHead;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.timeline.Histogram;
import dev.fanfare.timeline.Sample;
import dev.fanfare.timeline.Span;
import java.util.List;

/** What a burst did so far, counted. Only on the dispatcher's context. */
final class Figures {
  /** How many invocations' times are kept for pictures. */
  static final int SPANS = 1_000;

  final long beganAt;
  long endedAt;
  long submitted;
  long succeeded;
  long failed;
  long cancelled;
  long invocations;
  long rerun;
  final Histogram queue = new Histogram();
  final Histogram run = new Histogram();
  final Histogram total = new Histogram();
  final Rate rate;
  private final Sample sample = new Sample(SPANS);

  Figures(long now) {
    this.beganAt = now;
    this.rate = new Rate(now);
  }

  /** Of a burst that another node ran before. */
  Figures(BurstHead head, long now) {
    this.beganAt = head.beganAt();
    this.submitted = head.itemCount();
    this.succeeded = head.counts().succeeded();
    this.failed = head.counts().failed();
    this.cancelled = head.counts().cancelled();
    this.rate = new Rate(now);
  }

  long ended() {
    return succeeded + failed + cancelled;
  }

  /** An item ended. */
  void count(InvocationState state, long now) {
    switch (state) {
      case SUCCEEDED -> succeeded++;
      case FAILED -> failed++;
      case CANCELLED -> cancelled++;
      case SCHEDULED, QUEUED, RUNNING ->
          throw new IllegalArgumentException("an item does not end as " + state);
    }
    rate.count(now);
  }

  /** An invocation ended, with so many items. */
  void landed(Piece first, int items, InvocationRecord invocation, long now) {
    invocations++;
    if (invocation.startedAt() != 0) {
      queue.add(invocation.queueMicros(), items);
      run.add(invocation.usage().runMicros() / items, items);
    }
    total.add(now - first.receivedAt(), items);
    sample.offer(() -> span(first, items, invocation, now));
  }

  List<Span> spans() {
    return sample.spans();
  }

  private static Span span(Piece first, int items, InvocationRecord invocation, long now) {
    return new Span(
        first.index(),
        items,
        invocation.worker().map(WorkerId::value).orElse(""),
        invocation.state() == InvocationState.SUCCEEDED,
        first.receivedAt(),
        invocation.submittedAt(),
        invocation.startedAt(),
        invocation.usage().coldMicros(),
        invocation.usage().runMicros(),
        now);
  }
}
