package dev.fanfare.demo;

import static dev.fanfare.output.Figures.count;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.remote.Json;

/** The longest Collatz chain of the ones seen so far. Thread-safe. */
final class Longest {
  private long start;
  private int steps = -1;

  synchronized void see(byte[] result) {
    try {
      JsonNode one = Json.read(result);
      if (one.path("steps").asInt() > steps) {
        start = one.path("start").asLong();
        steps = one.path("steps").asInt();
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("collatz returns JSON", e);
    }
  }

  @Override
  public synchronized String toString() {
    return "it starts at " + count(start) + " and has " + count(steps) + " steps";
  }
}
