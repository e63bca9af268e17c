package dev.fanfare.client;

import dev.fanfare.client.Ended.Failed;
import dev.fanfare.client.Ended.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Many items on their way through a platform. Results come as their items end; items are taken from
 * their source only as results are taken here, so that no more than a bounded number of either is
 * in memory. Iterating gives the values:
 *
 * <pre>{@code
 * try (Burst<Integer> burst = fanfare.map(numbers, n -> collatz(n))) {
 *   for (int length : burst) {
 *     longest = Math.max(longest, length);
 *   }
 * }
 * }</pre>
 *
 * <p>Each result is taken once, by whichever method comes first; {@link #any}, {@link #fraction}
 * and {@link #all} keep what they took for one another. Closing a burst before its end cancels what
 * is left. One thread at a time takes results; {@link #cancel} and {@link #close} may be called by
 * others.
 */
public final class Burst<R> implements Iterable<R>, AutoCloseable {
  private final Connection connection;
  private final BurstFeed feed;
  private final ReadResults<R> results;
  private final TreeMap<Long, Ended<R>> gathered = new TreeMap<>();
  private long successes;

  Burst(Connection connection, BurstFeed feed, Reading<R> reading) {
    this.connection = connection;
    this.feed = feed;
    this.results = new ReadResults<>(connection, feed, reading);
  }

  /** The burst's id, by which other clients find it: {@link Fanfare#attach}. */
  public String id() {
    return feed.id();
  }

  // ---- one after the other ----

  /**
   * The values, as their items end. At an item that failed, {@code next} throws its {@link
   * FunctionFailed}; it can be called again for those after it.
   */
  @Override
  public Iterator<R> iterator() {
    Iterator<Ended<R>> all = results();
    return new Iterator<R>() {
      @Override
      public boolean hasNext() {
        return all.hasNext();
      }

      @Override
      public R next() {
        return value(all.next());
      }
    };
  }

  /** The values, as their items end; throws at an item that failed. */
  public Stream<R> stream() {
    return streamed(iterator());
  }

  /** Values and failures, as their items end. */
  public Stream<Ended<R>> asCompleted() {
    return streamed(results());
  }

  /** Values and failures in the order of their items; those that end early are kept meanwhile. */
  public Stream<Ended<R>> ordered() {
    return streamed(new EndsIterator<>(id(), new InTurn<>(this::await)));
  }

  private static <T> Stream<T> streamed(Iterator<T> iterator) {
    int traits = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, traits), false);
  }

  private Iterator<Ended<R>> results() {
    return new EndsIterator<>(id(), this::await);
  }

  // ---- as futures ----

  /**
   * Waits for the first item that succeeds; the others go on.
   *
   * @throws BurstFailed if all failed
   * @throws BurstNotEnded if none did in that time
   */
  public R any(Duration longest) {
    long end = end(longest);
    for (Ended<R> ended : gathered.values()) {
      if (ended instanceof Value<R> value) {
        return value.value();
      }
    }
    while (gatherOne(end, longest)) {
      if (successes > 0) {
        return any(Duration.ZERO);
      }
    }
    throw failed();
  }

  /**
   * Waits until this share of all items, more than 0 and at most 1, has ended; the others go on.
   * How many items there are must be known, at the latest when their source has no more.
   *
   * @return those that ended, in their items' order
   * @throws BurstNotEnded if not so many did in that time
   */
  public List<Ended<R>> fraction(double share, Duration longest) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is more than 0 and at most 1, not " + share);
    }
    long end = end(longest);
    boolean more = true;
    while (more && !(feed.total() >= 0 && gathered.size() >= Math.ceil(share * feed.total()))) {
      more = gatherOne(end, longest);
    }
    return List.copyOf(gathered.values());
  }

  /**
   * Waits for all items.
   *
   * @return values and failures, in their items' order
   * @throws BurstNotEnded if some have not ended in that time
   */
  public List<Ended<R>> all(Duration longest) {
    long end = end(longest);
    while (gatherOne(end, longest)) {
      // until all are there
    }
    return List.copyOf(gathered.values());
  }

  /**
   * Waits for all values.
   *
   * @return them, in their items' order
   * @throws BurstFailed if some items failed
   */
  public List<R> values() {
    List<Ended<R>> all = all(Duration.ofDays(365));
    if (successes < all.size()) {
      throw failed();
    }
    var values = new ArrayList<R>(all.size());
    all.forEach(ended -> values.add(value(ended)));
    return values;
  }

  /** Waits for all items and counts them; their values are not kept. */
  public Tally tally() {
    long succeeded = 0;
    long count = 0;
    var failures = new ArrayList<Failed<?>>();
    for (Ended<R> ended = await(); ended != null; ended = await()) {
      count++;
      if (ended instanceof Failed<R> failed) {
        if (failures.size() < BurstFailed.MOST_KEPT) {
          failures.add(failed);
        }
      } else {
        succeeded++;
      }
    }
    return new Tally(succeeded, count - succeeded, failures);
  }

  /** Hands every end to one consumer or the other, as they come. */
  public void forEach(Consumer<? super R> value, Consumer<? super Failed<R>> failure) {
    for (Ended<R> ended = await(); ended != null; ended = await()) {
      if (ended instanceof Failed<R> failed) {
        failure.accept(failed);
      } else {
        value.accept(value(ended));
      }
    }
  }

  // ---- reducing ----

  /**
   * Combines all values, as they come; the order is not theirs, so the operation should not mind.
   *
   * @throws FunctionFailed of the first item that fails; what is left is cancelled
   */
  public R reduce(R identity, BinaryOperator<R> operation) {
    return fold(identity, operation, reached -> false);
  }

  /**
   * The same until the result is good enough: then what is left is cancelled.
   *
   * @param enough asked after each value
   */
  public R reduceUntil(R identity, BinaryOperator<R> operation, Predicate<? super R> enough) {
    return fold(identity, operation, enough);
  }

  /** Combines all values into something else, as {@link #reduce}. */
  public <A> A fold(A start, BiFunction<A, ? super R, A> operation) {
    return fold(start, operation, reached -> false);
  }

  private <A> A fold(A start, BiFunction<A, ? super R, A> operation, Predicate<? super A> enough) {
    A reached = start;
    try {
      for (Ended<R> ended = await(); ended != null; ended = await()) {
        reached = operation.apply(reached, value(ended));
        if (enough.test(reached)) {
          close();
          return reached;
        }
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    return reached;
  }

  // ---- the burst as a whole ----

  /**
   * Cancels what has not ended: those items fail with {@code cancelled}, and workers are free at
   * once. A second time does nothing.
   */
  public void cancel() {
    feed.cancel("the client cancelled it");
  }

  /** How far it is, as the platform tells. */
  public Progress progress() {
    var answer =
        Answers.plain(connection.send(connection.request("/v1/bursts/" + id()).GET().build()));
    return Progress.of(answer.body());
  }

  /** How many results were no longer kept when this client attached to the burst. */
  public long dropped() {
    return feed.dropped();
  }

  /** Cancels what has not ended and lets go of it; one that was attached to goes on. */
  @Override
  public void close() {
    feed.close();
  }

  @Override
  public String toString() {
    return "burst " + id();
  }

  // ---- taking ----

  /** Takes one result into those gathered; false if there are no more. */
  private boolean gatherOne(long end, Duration longest) {
    Ended<R> ended = await(Duration.ofNanos(Math.max(0, end - System.nanoTime())), longest);
    if (ended == null) {
      return false;
    }
    gathered.put(ended.index(), ended);
    if (ended instanceof Value<R>) {
      successes++;
    }
    return true;
  }

  private @Nullable Ended<R> await() {
    return await(null, Duration.ZERO);
  }

  /** The next end; null if there are no more. */
  private @Nullable Ended<R> await(@Nullable Duration longest, Duration asked) {
    if (!results.await(longest)) {
      throw new BurstNotEnded(id(), gathered.size(), asked);
    }
    return results.next();
  }

  private static <R> R value(Ended<R> ended) {
    if (ended instanceof Failed<R> failed) {
      throw failed.failure();
    }
    return ((Value<R>) ended).value();
  }

  private BurstFailed failed() {
    var failures = new ArrayList<Failed<?>>();
    for (Ended<R> ended : gathered.values()) {
      if (ended instanceof Failed<R> failed) {
        failures.add(failed);
      }
    }
    return new BurstFailed(id(), failures.size(), gathered.size(), failures);
  }

  private static long end(Duration longest) {
    Duration most = Duration.ofDays(365);
    return System.nanoTime() + (longest.compareTo(most) > 0 ? most : longest).toNanos();
  }
}
