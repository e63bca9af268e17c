package dev.fanfare.runtime;

import dev.fanfare.capture.Capture;
import dev.fanfare.capture.CapturedLogger;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.function.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a function is told of the attempt it runs in. */
final class RunningInvocation implements Invocation {
  private final Lease lease;
  private final Capture capture;
  private final long startedNanos;

  RunningInvocation(Lease lease, Capture capture, long startedNanos) {
    this.lease = lease;
    this.capture = capture;
    this.startedNanos = startedNanos;
  }

  @Override
  public String id() {
    return lease.id().toString();
  }

  @Override
  public String function() {
    return lease.function().value();
  }

  @Override
  public String revision() {
    return lease.revision().toString();
  }

  @Override
  public int attempt() {
    return lease.attempt();
  }

  @Override
  public long fence() {
    return lease.fence();
  }

  @Override
  public Instant deadline() {
    return Instant.now().plus(remaining());
  }

  @Override
  public Duration remaining() {
    long left = lease.timeoutMicros() * 1_000 - (System.nanoTime() - startedNanos);
    return Duration.ofNanos(Math.max(0, left));
  }

  @Override
  public String callId() {
    return lease.callId().isEmpty() ? id() : lease.callId();
  }

  @Override
  public Optional<String> traceparent() {
    return lease.traceparent().isEmpty() ? Optional.empty() : Optional.of(lease.traceparent());
  }

  @Override
  public System.Logger logger() {
    return new CapturedLogger(capture, lease.function().value());
  }
}
