package dev.fanfare.history;

import java.util.List;
import java.util.Map;

/**
 * What is left on a platform after a quiet period.
 *
 * @param figures what must be 0, by the name of its metric and the node that told it
 * @param unended ids of the invocations that the platform lists as not ended
 */
public record Standing(Map<String, Double> figures, List<String> unended) {
  /** Nothing is left. */
  public static final Standing EMPTY = new Standing(Map.of(), List.of());

  /** Copies both. */
  public Standing {
    figures = Map.copyOf(figures);
    unended = List.copyOf(unended);
  }
}
