package dev.fanfare.examples;

import dev.fanfare.function.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** An invocation of which only the attempt matters. */
record Attempt(int attempt) implements Invocation {
  @Override
  public String id() {
    return "0".repeat(26);
  }

  @Override
  public String function() {
    return "example";
  }

  @Override
  public String revision() {
    return "0".repeat(64);
  }

  @Override
  public long fence() {
    return attempt;
  }

  @Override
  public Instant deadline() {
    return Instant.MAX;
  }

  @Override
  public Duration remaining() {
    return Duration.ofHours(1);
  }

  @Override
  public String callId() {
    return id();
  }

  @Override
  public Optional<String> traceparent() {
    return Optional.empty();
  }

  @Override
  public System.Logger logger() {
    return System.getLogger("example");
  }
}
