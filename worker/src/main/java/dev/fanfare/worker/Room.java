package dev.fanfare.worker;

import java.util.Map;

/**
 * The room that there is: slots that nothing holds, what warm runtimes that run something can take,
 * and guests: functions that hold no slot and would be handed one over.
 */
record Room(int free, Map<FunctionKey, Warm> warm, int guests) {
  static final Room NONE = new Room(0, Map.of(), 0);

  /**
   * Room in warm runtimes of one function.
   *
   * @param inDemand whether more of it was asked for than one at a time
   */
  record Warm(int count, boolean inDemand) {}
}
