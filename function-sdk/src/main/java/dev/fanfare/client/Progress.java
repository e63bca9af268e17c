package dev.fanfare.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;

/**
 * How far a burst is.
 *
 * @param ended whether all items have ended
 * @param submitted items that the platform has so far
 * @param perSecond items that end in a second
 * @param rerun invocations that were slow and were run a second time
 * @param chunk how many items share an invocation at present
 * @param runMedian of the time that an item took inside the function
 */
public record Progress(
    boolean ended,
    long submitted,
    long queued,
    long running,
    long succeeded,
    long failed,
    long cancelled,
    double perSecond,
    long rerun,
    int chunk,
    Duration elapsed,
    Duration runMedian) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Progress of(byte[] body) {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (IOException e) {
      throw new BadAnswer("a burst's progress is no JSON", e);
    }
    return new Progress(
        json.path("state").asText().equals("ENDED"),
        json.path("submitted").asLong(),
        json.path("queued").asLong(),
        json.path("running").asLong(),
        json.path("succeeded").asLong(),
        json.path("failed").asLong(),
        json.path("cancelledItems").asLong(),
        json.path("rate").asDouble(),
        json.path("rerun").asLong(),
        json.path("chunk").asInt(),
        seconds(json.path("elapsedSeconds")),
        seconds(json.path("run").path("p50")));
  }

  private static Duration seconds(JsonNode node) {
    return Duration.ofNanos(Math.round(node.asDouble() * 1e9));
  }
}
