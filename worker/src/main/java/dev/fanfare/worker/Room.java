package dev.fanfare.worker;

import java.util.Map;
import java.util.Set;

/**
 * The room that there is: slots that nothing holds, what warm runtimes that run something can take,
 * guests, functions that hold no slot and would be handed one over, and the functions that have as
 * many runtimes as they may.
 */
record Room(int free, Map<FunctionKey, Warm> warm, int guests, Set<FunctionKey> full) {
  static final Room NONE = new Room(0, Map.of(), 0, Set.of());

  /**
   * Room in warm runtimes of one function.
   *
   * @param inDemand whether more of it was asked for than one at a time
   */
  record Warm(int count, boolean inDemand) {}
}
