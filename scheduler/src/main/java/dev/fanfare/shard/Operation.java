package dev.fanfare.shard;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.shard.ShardReply.Revocation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What one operation did so far. */
final class Operation {
  /** The time all of it happens at, epoch microseconds. */
  final long now;

  private final List<Reply> replies;
  private final List<Grant> grants = new ArrayList<>();
  private final List<InvocationRecord> ended = new ArrayList<>();
  private final List<Revocation> revocations = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final Set<SessionId> unattached = new LinkedHashSet<>();

  Operation(long now, int transitions) {
    this.now = now;
    this.replies = new ArrayList<>(transitions);
  }

  void replied(Reply reply) {
    replies.add(reply);
  }

  void granted(Grant grant) {
    grants.add(grant);
  }

  void ended(InvocationRecord record) {
    ended.add(record);
  }

  void revoked(Session holder, Entry entry, String reason) {
    var held = new Held(entry.id(), entry.fence());
    revocations.add(new Revocation(holder.gateway, holder.id, held, reason));
  }

  /** An invocation that somebody accepted for good began an attempt, or is to begin another. */
  void marked(Entry entry) {
    if (entry.async) {
      marks.add(
          new Mark(
              entry.id(),
              entry.origin,
              entry.attempts,
              entry.losses,
              entry.fence(),
              entry.dueAt,
              entry.state == InvocationState.RUNNING));
    }
  }

  void unattached(SessionId session) {
    unattached.add(session);
  }

  ShardReply reply(long nextDue, List<Requirements> waiting) {
    return new ShardReply(
        Collections.unmodifiableList(replies),
        Collections.unmodifiableList(grants),
        Collections.unmodifiableList(ended),
        Collections.unmodifiableList(revocations),
        Collections.unmodifiableList(marks),
        unattached.isEmpty() ? List.of() : List.copyOf(unattached),
        nextDue,
        waiting);
  }
}
