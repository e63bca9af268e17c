package dev.fanfare.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.function.Fn;
import dev.fanfare.function.Invocation;
import dev.fanfare.function.Reject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Functions of the platform's own that go through what users' functions commonly do. */
public final class Rehearsal {

  /** What one of them takes. */
  public record Order(
      String name,
      int count,
      double price,
      Optional<String> note,
      List<String> tags,
      Instant at,
      Payment payment) {}

  /** A closed set of forms. */
  public sealed interface Payment permits Card, Cash {}

  /** One form. */
  public record Card(Kind kind, long number) implements Payment {}

  /** The other. */
  public record Cash() implements Payment {}

  /** An enum. */
  public enum Kind {
    /** Paid later. */
    CREDIT,
    /** Paid now. */
    DEBIT
  }

  /** What one of them gives. */
  public record Receipt(
      String name, double total, Map<String, Integer> parts, Duration took, Payment payment) {}

  /** A record to a record, in more than one way to end. */
  @Fn
  public Receipt order(Order order, Invocation invocation) {
    System.out.println("order " + order.name() + " " + invocation.attempt());
    invocation.logger().log(System.Logger.Level.INFO, "total of {0}", order.name());
    if (order.count() < 0) {
      throw new Reject(422, "count is negative");
    }
    if (order.price() < 0) {
      throw new IllegalStateException("price is negative");
    }
    return new Receipt(
        order.name(),
        order.count() * order.price(),
        Map.of("n", order.count()),
        Duration.ZERO,
        order.payment());
  }

  /** Fields to a number. */
  @Fn
  public int add(int left, int right) {
    return Math.addExact(left, right);
  }

  /** Text to text, several at once. */
  @Fn(concurrency = 8)
  public String echo(String text) {
    return text;
  }

  /** Any JSON to itself. */
  @Fn
  public JsonNode mirror(JsonNode any) {
    return any;
  }

  /** Bytes to bytes. */
  @Fn
  public byte[] copy(byte[] bytes) {
    return bytes.clone();
  }
}
