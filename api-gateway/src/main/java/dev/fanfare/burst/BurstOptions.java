package dev.fanfare.burst;

/**
 * How a burst is run.
 *
 * @param ordered results are told in the order of the items
 * @param detached it goes on when its client goes away
 * @param mostInFlight bound of the items on their way, at most {@link Window#MOST_ITEMS}
 * @param chunk how many items share an invocation where they can: 0 for as many as suits
 * @param contentType of the items
 * @param rerunSlow whether the slow tail is run a second time on other workers
 */
public record BurstOptions(
    boolean ordered,
    boolean detached,
    int mostInFlight,
    int chunk,
    String contentType,
    boolean rerunSlow) {
  /** How many items are in flight where nobody says. */
  public static final int ITEMS = Window.ITEMS;

  public BurstOptions {
    if (mostInFlight < 1 || mostInFlight > Window.MOST_ITEMS) {
      throw new IllegalArgumentException(
          "1 to " + Window.MOST_ITEMS + " items are in flight, not " + mostInFlight);
    }
    if (chunk < 0 || chunk > ChunkPlan.MOST_ITEMS) {
      throw new IllegalArgumentException(
          "a chunk has 1 to " + ChunkPlan.MOST_ITEMS + " items, not " + chunk);
    }
  }
}
