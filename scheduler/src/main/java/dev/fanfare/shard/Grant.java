package dev.fanfare.shard;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.SessionId;

/**
 * A lease given in this operation, to be sent to its session.
 *
 * @param warm whether it used warm room rather than free room
 * @param submittedAt epoch microseconds
 * @param leasedAt epoch microseconds
 */
public record Grant(
    SessionId session, Lease lease, boolean warm, long submittedAt, long leasedAt) {}
