package dev.fanfare.gateway;

import java.time.Duration;

/**
 * The bounds of connections.
 *
 * @param header how long a new connection may take to send its first request's headers
 * @param idle how long a connection is kept between two requests, the next one's headers included
 * @param body how long a body may take before its rate counts
 * @param stall how long an answer may stand still because its reader does not read
 * @param most connections open at once; further ones are closed
 */
public record ConnectionLimits(
    Duration header, Duration idle, Duration body, Duration stall, int most) {

  /** The least rate of a body that has taken too long, on average. */
  static final long LEAST_BYTES_PER_SECOND = 1_024;

  /** What holds where nobody chose others. */
  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(75),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          10_000);

  public ConnectionLimits {
    if (!header.isPositive() || !idle.isPositive() || !body.isPositive() || !stall.isPositive()) {
      throw new IllegalArgumentException("time-outs are more than 0");
    }
    if (most < 1) {
      throw new IllegalArgumentException("the connection limit is at least 1");
    }
  }
}
