package dev.fanfare.client;

import dev.fanfare.shipping.Shared;
import java.util.List;

/**
 * How a burst is run.
 *
 * <pre>{@code
 * fanfare.map(rows, Rows::clean, BurstOptions.DEFAULT.withMostInFlight(100));
 * }</pre>
 *
 * @param mostInFlight how many items are on their way at most, from being taken from their source
 *     to their results' being taken here; 1 to 100,000
 * @param chunk how many items share an invocation, where they can because they are a lambda's: 0
 *     for as many as suits their duration, 1 for each alone; at most 5,000
 * @param rerunSlow whether the slow tail is run a second time on other workers: an invocation that
 *     takes three times the median once nine tenths of the items have ended; the first result
 *     counts. For functions that may run twice at the same time
 * @param shared values that items refer to; those that a lambda captures need not be named
 * @param call priority, time limits and constraints of each invocation
 */
public record BurstOptions(
    int mostInFlight, int chunk, boolean rerunSlow, List<Shared<?>> shared, CallOptions call) {
  /** The most items on their way. */
  public static final int MOST_IN_FLIGHT = 100_000;

  /** The most items of a chunk. */
  public static final int MOST_CHUNK = 5_000;

  /**
   * 8,192 items in flight, chunks of a size that suits, nothing run twice, and nothing said of the
   * calls.
   */
  public static final BurstOptions DEFAULT =
      new BurstOptions(8_192, 0, false, List.of(), CallOptions.NONE);

  public BurstOptions {
    shared = List.copyOf(shared);
    if (mostInFlight < 1 || mostInFlight > MOST_IN_FLIGHT) {
      throw new IllegalArgumentException(
          "1 to " + MOST_IN_FLIGHT + " items can be in flight, not " + mostInFlight);
    }
    if (chunk < 0 || chunk > MOST_CHUNK) {
      throw new IllegalArgumentException(
          "a chunk has at most " + MOST_CHUNK + " items, not " + chunk);
    }
  }

  /** These with another bound of the items on their way. */
  public BurstOptions withMostInFlight(int value) {
    return new BurstOptions(value, chunk, rerunSlow, shared, call);
  }

  /** These with chunks of a fixed size, or of one that suits with 0. */
  public BurstOptions withChunk(int value) {
    return new BurstOptions(mostInFlight, value, rerunSlow, shared, call);
  }

  /** These with the slow tail run a second time on other workers, or not. */
  public BurstOptions withRerunSlow(boolean value) {
    return new BurstOptions(mostInFlight, chunk, value, shared, call);
  }

  /** These with shared values that items refer to. */
  public BurstOptions withShared(Shared<?>... values) {
    return new BurstOptions(mostInFlight, chunk, rerunSlow, List.of(values), call);
  }

  /** These with other options of each invocation. */
  public BurstOptions withCall(CallOptions value) {
    return new BurstOptions(mostInFlight, chunk, rerunSlow, shared, value);
  }
}
