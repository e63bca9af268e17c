package dev.fanfare.protocol;

import dev.fanfare.function.Isolation;
import java.util.Set;

/**
 * What a worker says of itself when its session opens.
 *
 * @param slots how many runtimes it runs at once, at least 1
 * @param isolation the levels it can give; a demand for a level is met by that level or a stronger
 *     one
 * @param version the version of its software
 */
public record WorkerProfile(
    WorkerId id, Labels labels, int slots, Set<Isolation> isolation, String version) {

  public WorkerProfile {
    isolation = Set.copyOf(isolation);
    if (slots < 1) {
      throw new IllegalArgumentException(
          "worker " + id + " must have at least 1 slot, not " + slots);
    }
  }

  /**
   * Whether it can run work that demands the level; {@code SHARED} is a wish that any level meets.
   */
  public boolean offers(Isolation demanded) {
    for (Isolation level : isolation) {
      if (level.compareTo(demanded) >= 0) {
        return true;
      }
    }
    return false;
  }
}
