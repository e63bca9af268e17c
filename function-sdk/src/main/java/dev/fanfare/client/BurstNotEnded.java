package dev.fanfare.client;

import java.time.Duration;

/**
 * A burst goes on after the time its caller would wait. What ended so far is kept here: waiting
 * again goes on from there.
 */
public final class BurstNotEnded extends FanfareException {
  private static final long serialVersionUID = 1L;

  private final long ended;

  BurstNotEnded(String burst, long ended, Duration waited) {
    super(
        "burst " + burst + " goes on after a wait of " + waited + "; " + ended + " items ended",
        null);
    this.ended = ended;
  }

  /** How many items had ended. */
  public long ended() {
    return ended;
  }
}
