package dev.fanfare.shard;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.SessionId;

/**
 * A lease given in this operation, to be sent to its session.
 *
 * @param uses what kind of room it used
 * @param submittedAt epoch microseconds
 * @param leasedAt epoch microseconds
 */
public record Grant(SessionId session, Lease lease, Uses uses, long submittedAt, long leasedAt) {

  /** A kind of room. */
  public enum Uses {
    WARM,
    FREE,
    GUEST
  }

  /** Whether it used warm room. */
  public boolean warm() {
    return uses == Uses.WARM;
  }
}
