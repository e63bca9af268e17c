package dev.fanfare.burst;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * The latest results of a burst, for whoever asks for them later: as many as there is room for, in
 * the order in which the items ended. Only on the dispatcher's context.
 */
final class Kept {
  /** Most bytes of one burst's results. */
  static final long MOST_BYTES = 16L << 20;

  private final ArrayDeque<Ended> results = new ArrayDeque<>();
  private final DoubleSupplier share;
  private long bytes;
  private long dropped;

  /** With a share of {@link #MOST_BYTES}, 0 to 1, that changes. */
  Kept(DoubleSupplier share) {
    this.share = share;
  }

  void add(Ended ended) {
    results.add(ended);
    bytes += ended.bytes();
    long limit = (long) (MOST_BYTES * share.getAsDouble());
    while (bytes > limit) {
      drop();
    }
  }

  /** Drops everything; what is dropped is counted. */
  void clear() {
    while (!results.isEmpty()) {
      drop();
    }
  }

  /** How many ended before those that are kept. */
  long dropped() {
    return dropped;
  }

  int size() {
    return results.size();
  }

  long bytes() {
    return bytes;
  }

  /** At most so many, from the given place on; places count from 0, those dropped included. */
  List<Ended> from(long place, int most) {
    var found = new ArrayList<Ended>();
    Iterator<Ended> all = results.iterator();
    for (long i = dropped; i < place && all.hasNext(); i++) {
      all.next();
    }
    while (all.hasNext() && found.size() < most) {
      found.add(all.next());
    }
    return found;
  }

  private void drop() {
    bytes -= results.removeFirst().bytes();
    dropped++;
  }
}
