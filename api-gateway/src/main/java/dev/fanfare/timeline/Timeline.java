package dev.fanfare.timeline;

import java.util.List;

/**
 * A burst's times.
 *
 * @param title what it was
 * @param beganAt epoch microseconds
 * @param endedAt epoch microseconds, of now while it goes on
 * @param items how many ended
 * @param invocations how many there were; {@code spans} are of some of them
 * @param run each item's time inside the function
 * @param total each item's time from the gateway's having it to its end
 */
public record Timeline(
    String title,
    long beganAt,
    long endedAt,
    long items,
    long invocations,
    List<Span> spans,
    Histogram run,
    Histogram total) {
  public Timeline {
    spans = List.copyOf(spans);
  }
}
