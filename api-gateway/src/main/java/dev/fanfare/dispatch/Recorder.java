package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes ended invocations to the ledger, off the callers' path, and lets their shards forget them
 * once they are safe there. While the ledger fails they stay in their shards. Only on the
 * dispatcher's context.
 */
final class Recorder {
  /** Appends under way at a time; what ends meanwhile goes with the next. */
  static final int APPENDS_AT_ONCE = 4;

  /** The most invocations of one append. */
  static final int INVOCATIONS_PER_APPEND = 5_000;

  /** The most whole records kept here while the ledger fails; of further ones only the ids. */
  static final int MOST_RECORDS = 50_000;

  /** How many may wait for the ledger before no more work is accepted. */
  static final int MOST_UNRECORDED = 500_000;

  static final long FIRST_PAUSE_MILLIS = 100;
  static final long LONGEST_PAUSE_MILLIS = 5_000;

  private static final Logger log = LoggerFactory.getLogger(Recorder.class);

  private final Traffic traffic;
  private final History history;
  private final DispatchMeters meters;
  private final ArrayDeque<InvocationRecord> ended = new ArrayDeque<>();
  private final ArrayDeque<InvocationId> overdue = new ArrayDeque<>();
  private final Set<List<InvocationRecord>> appending =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private int underWay;
  private long pause;
  private boolean paused;

  Recorder(Traffic traffic, History history, DispatchMeters meters) {
    this.traffic = traffic;
    this.history = history;
    this.meters = meters;
  }

  /** Whether the ledger is so far behind that nothing more should be accepted. */
  boolean swamped() {
    return waiting() >= MOST_UNRECORDED;
  }

  /** Invocations that the ledger does not hold yet. */
  int waiting() {
    return ended.size() + overdue.size() + underWay;
  }

  /** An invocation ended; goes out when the tick ends. */
  void ended(InvocationRecord invocation) {
    meters.unrecorded(1);
    keep(invocation);
  }

  /** Hands over what ended. */
  void flush() {
    while (!ended.isEmpty() && appending.size() < APPENDS_AT_ONCE && !paused) {
      append();
    }
  }

  /** Those that the ledger does not hold yet, as far as they are kept here. */
  List<InvocationRecord> unrecorded() {
    List<InvocationRecord> all = new ArrayList<>(ended);
    appending.forEach(all::addAll);
    return all;
  }

  private void keep(InvocationRecord invocation) {
    if (ended.size() < MOST_RECORDS) {
      ended.add(invocation);
    } else {
      overdue.add(invocation.id());
    }
  }

  private void append() {
    var batch = new ArrayList<InvocationRecord>(Math.min(ended.size(), INVOCATIONS_PER_APPEND));
    while (!ended.isEmpty() && batch.size() < INVOCATIONS_PER_APPEND) {
      batch.add(ended.removeFirst());
    }
    appending.add(batch);
    underWay += batch.size();
    long begun = System.nanoTime();
    begin(batch)
        .whenComplete(
            (nothing, failure) ->
                traffic.post(
                    () -> {
                      appending.remove(batch);
                      underWay -= batch.size();
                      if (failure == null) {
                        meters.ledgerCommit.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
                        recorded(batch);
                      } else {
                        failed(batch, failure);
                      }
                    }));
  }

  private CompletionStage<Void> begin(List<InvocationRecord> batch) {
    try {
      return history.append(batch);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void recorded(List<InvocationRecord> batch) {
    pause = 0;
    meters.unrecorded(-batch.size());
    Map<Lane, List<InvocationId>> byLane = new HashMap<>();
    for (InvocationRecord invocation : batch) {
      byLane
          .computeIfAbsent(traffic.laneOf(invocation.id()), lane -> new ArrayList<>())
          .add(invocation.id());
    }
    byLane.forEach(Lane::forget);
    if (ended.isEmpty()) {
      fetchOverdue();
    }
  }

  /** Asks the shards again for records that there was no room for here. */
  private void fetchOverdue() {
    for (int i = 0; i < INVOCATIONS_PER_APPEND && !overdue.isEmpty(); i++) {
      InvocationId id = overdue.removeFirst();
      traffic.laneOf(id).find(id, overdueSeeker(id));
    }
  }

  private Finding.Seeker overdueSeeker(InvocationId id) {
    return new Finding.Seeker() {
      @Override
      public void found(Optional<InvocationRecord> invocation) {
        invocation.ifPresentOrElse(Recorder.this::keep, () -> meters.unrecorded(-1));
      }

      @Override
      public void lost(Throwable failure) {
        overdue.add(id);
      }
    };
  }

  private void failed(List<InvocationRecord> batch, Throwable failure) {
    meters.ledgerFailures.increment();
    batch.forEach(this::keep);
    if (!paused) {
      paused = true;
      pause = Math.clamp(pause * 2, FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
      log.warn(
          "the ledger did not take {} ended invocations, {} wait; next try in {} ms",
          batch.size(),
          waiting(),
          pause,
          failure);
      traffic.later(
          pause,
          () -> {
            paused = false;
            flush();
          });
    }
  }
}
