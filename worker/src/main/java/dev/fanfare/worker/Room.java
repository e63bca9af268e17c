package dev.fanfare.worker;

import java.util.Map;

/**
 * The room that there is: slots that nothing holds, and what warm runtimes that run something can
 * take.
 */
record Room(int free, Map<FunctionKey, Warm> warm) {
  static final Room NONE = new Room(0, Map.of());

  /**
   * Room in warm runtimes of one function.
   *
   * @param inDemand whether more of it was asked for than one at a time
   */
  record Warm(int count, boolean inDemand) {}
}
