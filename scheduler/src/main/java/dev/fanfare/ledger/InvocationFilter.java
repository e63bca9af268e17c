package dev.fanfare.ledger;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationState;
import java.time.Instant;
import java.util.Optional;

/**
 * Which invocations to list.
 *
 * @param since only those submitted then or later
 * @param limit at most this many, 1 to {@link #MOST}
 */
public record InvocationFilter(
    Optional<FunctionName> function,
    Optional<InvocationState> state,
    Optional<Instant> since,
    int limit) {
  public static final int MOST = 1_000;

  public InvocationFilter {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("limit is 1 to " + MOST + ", not " + limit);
    }
  }

  /** The newest of all. */
  public static InvocationFilter newest(int limit) {
    return new InvocationFilter(Optional.empty(), Optional.empty(), Optional.empty(), limit);
  }

  /** The newest of one function. */
  public static InvocationFilter newest(FunctionName function, int limit) {
    return new InvocationFilter(Optional.of(function), Optional.empty(), Optional.empty(), limit);
  }
}
