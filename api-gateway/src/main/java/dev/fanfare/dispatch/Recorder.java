package dev.fanfare.dispatch;

import dev.fanfare.ledger.InvocationHistory.Kept;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
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
  static final int INVOCATIONS_PER_APPEND = 2_000;

  /** About the most result bytes of one append. */
  static final long BYTES_PER_APPEND = 4L << 20;

  /** The most whole records kept here while the ledger is behind; of further ones only the ids. */
  static final int MOST_RECORDS = 20_000;

  /** About the most result bytes kept here while the ledger is behind. */
  static final long MOST_RECORD_BYTES = 16L << 20;

  /** How many may wait for the ledger before no more work is accepted. */
  static final int MOST_UNRECORDED = 100_000;

  /** About how many result bytes may wait for the ledger before no more work is accepted. */
  static final long MOST_UNRECORDED_BYTES = 128L << 20;

  /** How long what ended waits for more to go with it: each append costs a sync of the disk. */
  static final long GATHER_MILLIS = 50;

  /** By then the shard has let go of an end that came too late. */
  static final long BRING_BACK_MILLIS = 1_000;

  static final long FIRST_PAUSE_MILLIS = 100;
  static final long LONGEST_PAUSE_MILLIS = 5_000;

  private static final Logger log = LoggerFactory.getLogger(Recorder.class);

  private final Traffic traffic;
  private final History history;
  private final DispatchMeters meters;
  private final ArrayDeque<InvocationRecord> ended = new ArrayDeque<>();
  private final ArrayDeque<Overdue> overdue = new ArrayDeque<>();
  private long endedBytes;
  private int unrecorded;
  private long unrecordedBytes;
  private final Set<List<InvocationRecord>> appending =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private long pause;
  private boolean paused;
  private boolean gathering;
  private boolean due;
  private boolean fetching;

  /** One whose record is in its shard alone. */
  private record Overdue(InvocationId id, long bytes) {}

  Recorder(Traffic traffic, History history, DispatchMeters meters) {
    this.traffic = traffic;
    this.history = history;
    this.meters = meters;
  }

  /** Whether the ledger is so far behind that nothing more should be accepted. */
  boolean swamped() {
    return unrecorded >= MOST_UNRECORDED || unrecordedBytes >= MOST_UNRECORDED_BYTES;
  }

  /** Whether the ledger holds everything that ended. */
  boolean idle() {
    return unrecorded == 0;
  }

  /**
   * An invocation ended; goes to the ledger with what ends soon after it, or at once where somebody
   * waits for that.
   */
  void ended(InvocationRecord invocation) {
    count(1, bytes(invocation));
    keep(invocation);
    if (invocation.async() && traffic.waiting().isWatched(invocation.id())) {
      due = true;
    }
  }

  private void count(int more, long bytes) {
    unrecorded += more;
    unrecordedBytes += bytes;
    meters.unrecorded(more);
  }

  /** Hands over what ended, once it is much or has waited for {@link #GATHER_MILLIS}. */
  void flush() {
    while (ready() && appending.size() < APPENDS_AT_ONCE && !paused) {
      append();
    }
    if (ended.isEmpty()) {
      due = false;
    } else if (!due && !gathering) {
      gathering = true;
      traffic.later(GATHER_MILLIS, this::gathered);
    }
  }

  private boolean ready() {
    return !ended.isEmpty()
        && (due || ended.size() >= INVOCATIONS_PER_APPEND || endedBytes >= BYTES_PER_APPEND);
  }

  private void gathered() {
    gathering = false;
    due = true;
  }

  /** Those that the ledger does not hold yet, as far as they are kept here. */
  List<InvocationRecord> unrecorded() {
    List<InvocationRecord> all = new ArrayList<>(ended);
    appending.forEach(all::addAll);
    return all;
  }

  private void keep(InvocationRecord invocation) {
    if (ended.size() < MOST_RECORDS && endedBytes < MOST_RECORD_BYTES) {
      ended.add(invocation);
      endedBytes += bytes(invocation);
    } else {
      overdue.add(new Overdue(invocation.id(), bytes(invocation)));
    }
  }

  private void append() {
    var batch = new ArrayList<InvocationRecord>(Math.min(ended.size(), INVOCATIONS_PER_APPEND));
    long bytes = 0;
    while (!ended.isEmpty() && batch.size() < INVOCATIONS_PER_APPEND && bytes < BYTES_PER_APPEND) {
      InvocationRecord next = ended.removeFirst();
      batch.add(next);
      bytes += bytes(next);
    }
    endedBytes -= bytes;
    appending.add(batch);
    long begun = System.nanoTime();
    begin(batch)
        .whenComplete(
            (kept, failure) ->
                traffic.post(
                    () -> {
                      appending.remove(batch);
                      if (failure == null) {
                        meters.ledgerCommit.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
                        recorded(batch, kept);
                      } else {
                        failed(batch, failure);
                      }
                    }));
  }

  private CompletionStage<Kept> begin(List<InvocationRecord> batch) {
    try {
      return history.append(batch);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static long bytes(InvocationRecord invocation) {
    return invocation.outcome().orElse(null) instanceof Outcome.Success success
            && success.result() instanceof Payload.Inline inline
        ? inline.size()
        : 0;
  }

  /**
   * Of one that another end stands for, that end is told; of one that another node runs again none,
   * since who waits here looks in the ledger, too.
   */
  private void recorded(List<InvocationRecord> batch, Kept kept) {
    if (!kept.superseded().isEmpty()) {
      log.info("{} ends came too late: another node runs the work again", kept.superseded().size());
      bringBack(batch.stream().filter(one -> kept.superseded().contains(one.id())).toList());
    }
    Map<InvocationId, InvocationRecord> others = new HashMap<>();
    kept.standing().forEach(end -> others.put(end.id(), end));
    pause = 0;
    count(-batch.size(), -batch.stream().mapToLong(Recorder::bytes).sum());
    Map<Lane, List<InvocationId>> byLane = new HashMap<>();
    for (InvocationRecord invocation : batch) {
      if (invocation.async()) {
        traffic.accepted().recorded(invocation.id());
        if (!kept.superseded().contains(invocation.id())) {
          traffic.waiting().ended(others.getOrDefault(invocation.id(), invocation));
        }
      }
      byLane
          .computeIfAbsent(traffic.laneOf(invocation.id()), lane -> new ArrayList<>())
          .add(invocation.id());
    }
    byLane.forEach(Lane::forget);
    if (ended.size() < MOST_RECORDS / 2) {
      fetchOverdue();
    }
  }

  /** A shard that both nodes use by now may have had that end alone: the other one is to look. */
  private void bringBack(List<InvocationRecord> superseded) {
    traffic.later(
        BRING_BACK_MILLIS,
        () ->
            traffic.blocking(
                () -> {
                  superseded.forEach(one -> traffic.elsewhere().bring(one.tenant(), one.id()));
                  return superseded;
                }));
  }

  /** Asks the shards again for records that there was no room for here. */
  private void fetchOverdue() {
    for (int i = 0; i < INVOCATIONS_PER_APPEND && !overdue.isEmpty(); i++) {
      Overdue next = overdue.removeFirst();
      traffic.laneOf(next.id()).find(next.id(), seeker(next));
    }
  }

  private Finding.Seeker seeker(Overdue wanted) {
    return new Finding.Seeker() {
      @Override
      public void found(Optional<InvocationRecord> invocation) {
        invocation.ifPresentOrElse(Recorder.this::keep, () -> vanished(wanted));
      }

      @Override
      public void lost(Throwable failure) {
        overdue.add(wanted);
        fetchAgain();
      }
    };
  }

  private void fetchAgain() {
    if (!fetching) {
      fetching = true;
      traffic.later(
          FIRST_PAUSE_MILLIS,
          () -> {
            fetching = false;
            if (ended.size() < MOST_RECORDS / 2) {
              fetchOverdue();
            }
          });
    }
  }

  /** Its shard made room for others; accepted work is found in the ledger at the next start. */
  private void vanished(Overdue wanted) {
    count(-1, -wanted.bytes());
    traffic.accepted().recorded(wanted.id());
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
          unrecorded,
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
