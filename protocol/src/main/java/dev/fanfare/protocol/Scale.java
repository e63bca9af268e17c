package dev.fanfare.protocol;

import java.util.Optional;

/**
 * How many runtimes a function has, all workers of a cluster taken together.
 *
 * @param min so many are kept warm while nothing runs, as far as workers have slots for them
 * @param max so many run it at most; as many as there are slots if absent
 */
public record Scale(int min, Optional<Integer> max) {
  public static final int MOST_RUNTIMES = 1_000;

  /** None while nothing runs, as many as there are slots while much does. */
  public static final Scale DEFAULT = new Scale(0, Optional.empty());

  public Scale {
    if (min < 0 || min > MOST_RUNTIMES) {
      throw new IllegalArgumentException("min is 0 to 1000");
    }
    if (max.isPresent() && (max.get() < 1 || max.get() > MOST_RUNTIMES)) {
      throw new IllegalArgumentException("max is 1 to 1000");
    }
    if (max.isPresent() && max.get() < min) {
      throw new IllegalArgumentException("max is at least min");
    }
  }
}
