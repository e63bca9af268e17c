package dev.fanfare.runtime;

import dev.fanfare.function.Fn;
import dev.fanfare.function.Invocation;
import dev.fanfare.function.Reject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions that a training run calls; they go through what real ones commonly do. */
public final class Rehearsal {

  /** What one of them takes. */
  public record Order(
      String name, int count, double price, Optional<String> note, List<String> tags, Instant at) {}

  /** What one of them gives. */
  public record Receipt(String name, double total, Map<String, Integer> parts, Duration took) {}

  /** A record to a record. */
  @Fn
  public Receipt order(Order order, Invocation invocation) {
    System.out.println("order " + order.name() + " " + invocation.attempt());
    invocation.logger().log(System.Logger.Level.INFO, "total of {0}", order.name());
    if (order.count() < 0) {
      throw new Reject(422, "count is negative");
    }
    return new Receipt(
        order.name(), order.count() * order.price(), Map.of("n", order.count()), Duration.ZERO);
  }

  /** Fields to a number. */
  @Fn
  public int add(int left, int right) {
    return Math.addExact(left, right);
  }

  /** Text to text. */
  @Fn
  public String echo(String text) {
    return text;
  }
}
