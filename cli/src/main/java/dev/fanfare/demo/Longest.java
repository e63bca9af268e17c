package dev.fanfare.demo;

import static dev.fanfare.output.Figures.count;

import com.fasterxml.jackson.databind.JsonNode;

/** The longest Collatz chain of the ones seen so far. */
final class Longest {
  private long start;
  private int steps = -1;

  void see(JsonNode one) {
    if (one.path("steps").asInt() > steps) {
      start = one.path("start").asLong();
      steps = one.path("steps").asInt();
    }
  }

  @Override
  public String toString() {
    return "it starts at " + count(start) + " and has " + count(steps) + " steps";
  }
}
