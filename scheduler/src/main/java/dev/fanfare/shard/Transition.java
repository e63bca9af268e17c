package dev.fanfare.shard;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.WorkerProfile;
import java.util.List;

/** One change to a shard. Every kind that can have many subjects carries a batch of them. */
public sealed interface Transition {

  /** New invocations. Answered by {@link Reply.Admissions}. */
  record Submit(List<Submission> submissions) implements Transition {
    public Submit {
      submissions = List.copyOf(submissions);
    }
  }

  /**
   * Attempts that ended on a session's worker. Only the holder of the lease with its fence settles;
   * others are stale. Answered by {@link Reply.Settled}.
   */
  record Settle(SessionId session, List<Settlement> settlements) implements Transition {
    public Settle {
      settlements = List.copyOf(settlements);
    }
  }

  /**
   * Leases given back unstarted: queued again at their old place, the attempt not counted. Stale
   * ones are ignored. Answered by {@link Reply.Done}.
   */
  record Return(SessionId session, List<Held> leases) implements Transition {
    public Return {
      leases = List.copyOf(leases);
    }
  }

  /**
   * A session that may be offered work; must come before offers for it, repeating it is harmless.
   *
   * @param gateway the node the session is on
   * @param leaseMicros how long its leases hold without {@link Renew}
   */
  record Attach(SessionId session, WorkerProfile worker, NodeId gateway, long leaseMicros)
      implements Transition {}

  /**
   * The session is gone: its leases are given back, counted as losses, and its worker's other
   * sessions are untouched.
   */
  record Detach(SessionId session) implements Transition {}

  /**
   * A worker that came back with a new session still runs these. Those nobody leased meanwhile are
   * its own again, under the fence they had. Answered by {@link Reply.Adopted}.
   */
  record Adopt(SessionId session, List<Held> leases) implements Transition {
    public Adopt {
      leases = List.copyOf(leases);
    }
  }

  /** These sessions are alive: their leases hold for their lease time from now. */
  record Renew(List<SessionId> sessions) implements Transition {
    public Renew {
      sessions = List.copyOf(sessions);
    }
  }

  /**
   * Cancel these. Waiting ones end at once; the leases of running ones are revoked and they end at
   * once too. Answered by {@link Reply.Cancelled}.
   */
  record Cancel(List<InvocationId> ids, String reason) implements Transition {
    public Cancel {
      ids = List.copyOf(ids);
    }
  }

  /**
   * From here on these, and nothing else, do not start; ignored if the shard was told later ones.
   */
  record Pause(Pauses pauses) implements Transition {}

  /**
   * Time passed: scheduled work becomes ready, what waited or ran too long ends or is tried again,
   * sessions that were not renewed are lost. Every batch does this first; this one does nothing
   * else.
   */
  record Tick() implements Transition {}

  /** The ledger holds these ended invocations; the shard need not. */
  record Forget(List<InvocationId> ids) implements Transition {
    public Forget {
      ids = List.copyOf(ids);
    }
  }

  /** Look at these without changing anything. Answered by {@link Reply.Found}. */
  record Find(List<InvocationId> ids) implements Transition {
    public Find {
      ids = List.copyOf(ids);
    }
  }

  /**
   * Look at what waits and runs, at most {@code limit} records, newest first. Answered by {@link
   * Reply.Found}.
   */
  record Scan(int limit) implements Transition {}

  /** Look at the shard's counters. Answered by {@link Reply.Counted}. */
  record Count() implements Transition {}
}
