package dev.fanfare.shard;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.SessionId;
import java.util.List;

/**
 * What one operation did. Whoever ran it routes the effects: grants and revocations to the gateways
 * of their sessions, ended invocations to their origins and the ledger.
 *
 * @param replies one per transition, in order
 * @param grants leases from this operation's offers
 * @param ended invocations that became terminal in this operation, by whatever transition
 * @param revocations leases taken from sessions in this operation (cancelled, timed out, lost)
 * @param marks how far asynchronous invocations have come in this operation, in order
 * @param unattached offers' sessions that this shard does not know: attach them and offer again
 * @param nextDue when a {@link Transition.Tick} next has something to do, epoch microseconds;
 *     {@code Long.MAX_VALUE} when never
 * @param waiting requirement classes with ready work left after matching, at most 64
 */
public record ShardReply(
    List<Reply> replies,
    List<Grant> grants,
    List<InvocationRecord> ended,
    List<Revocation> revocations,
    List<Mark> marks,
    List<SessionId> unattached,
    long nextDue,
    List<Requirements> waiting) {

  /** A lease taken from a session. */
  public record Revocation(NodeId gateway, SessionId session, Held lease, String reason) {}
}
