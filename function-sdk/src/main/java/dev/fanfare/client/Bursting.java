package dev.fanfare.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Begins bursts. */
final class Bursting {
  private Bursting() {}

  static <R> Burst<R> begin(
      Connection connection,
      String function,
      Items<?> items,
      BurstOptions options,
      Reading<R> reading) {
    String query = query(function, items, options);
    return new Burst<>(
        connection, SocketFeed.start(connection, items, options, query, false), reading);
  }

  /** Has the platform write down all items of a burst, and returns its id. */
  static String submit(
      Connection connection, String function, Items<?> items, BurstOptions options) {
    String query = query(function, items, options) + "&detach=true&results=false";
    SocketFeed feed = SocketFeed.start(connection, items, options, query, true);
    feed.awaitKept();
    return feed.id();
  }

  private static String query(String function, Items<?> items, BurstOptions options) {
    String delay = options.call().delay() == null ? "" : "&delay=" + options.call().delay();
    return "function="
        + function
        + "&type="
        + URLEncoder.encode(items.contentType(), StandardCharsets.UTF_8)
        + "&max-in-flight="
        + options.mostInFlight()
        + "&chunk="
        + options.chunk()
        + (options.rerunSlow() ? "&rerun-slow=true" : "")
        + delay;
  }
}
