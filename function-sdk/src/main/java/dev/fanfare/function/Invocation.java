package dev.fanfare.function;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The running attempt, given to a function that declares a parameter of this type. Thread-safe. */
public interface Invocation {

  /** The invocation's id, 26 characters, the same for every attempt. */
  String id();

  /** The function's name. */
  String function();

  /** The revision that runs, a SHA-256 in hexadecimal. */
  String revision();

  /** Which try this is, from 1. */
  int attempt();

  /**
   * The fence of this attempt's lease. It strictly rises with every lease of one invocation, so a
   * store that remembers the highest fence it saw can refuse the writes of an attempt that was
   * replaced.
   */
  long fence();

  /** When this attempt ends at the latest, by the worker's clock. */
  Instant deadline();

  /** How long this attempt may still run, from a monotonic clock; zero when it is over. */
  Duration remaining();

  /**
   * The caller's own id for the call ({@code X-Call-Id}), or the invocation's id where none was
   * sent.
   */
  String callId();

  /** The W3C trace context that came with the call. */
  Optional<String> traceparent();

  /** A logger whose lines are kept with this invocation. */
  System.Logger logger();
}
