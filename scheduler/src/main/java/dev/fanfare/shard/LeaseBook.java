package dev.fanfare.shard;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.SessionId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What sessions say about the leases they hold, or believe to hold. */
final class LeaseBook {
  private static final boolean NO_FENCE_CHECK = Mutant.NO_FENCE_CHECK.on();

  private final Holdings holdings;
  private final Lifecycle lifecycle;
  private final Clockwork clockwork;

  LeaseBook(Holdings holdings, Lifecycle lifecycle, Clockwork clockwork) {
    this.holdings = holdings;
    this.lifecycle = lifecycle;
    this.clockwork = clockwork;
  }

  /** Settles what the session holds; what it does not hold is stale. */
  Reply settle(Transition.Settle settle, Operation operation) {
    List<Held> stale = List.of();
    for (Settlement settlement : settle.settlements()) {
      Entry entry = held(settle.session(), settlement.id().high(), settlement.id().low());
      if (NO_FENCE_CHECK && any(settlement) instanceof Entry live) {
        lifecycle.settle(live, settlement.outcome(), settlement.usage(), operation);
      } else if (entry != null && entry.fence() == settlement.fence()) {
        lifecycle.settle(entry, settlement.outcome(), settlement.usage(), operation);
      } else {
        stale = stale.isEmpty() ? new ArrayList<>() : stale;
        stale.add(new Held(settlement.id(), settlement.fence()));
      }
    }
    return new Reply.Settled(stale);
  }

  /** Queues again what the session holds and has not started. */
  Reply giveBack(Transition.Return given, Operation operation) {
    for (Held lease : given.leases()) {
      Entry entry = held(given.session(), lease.id().high(), lease.id().low());
      if (entry != null && entry.fence() == lease.fence()) {
        lifecycle.giveBack(entry, operation);
      }
    }
    return new Reply.Done();
  }

  /** Makes the session the holder of what its worker still runs, as far as nobody else does. */
  Reply adopt(Transition.Adopt adopt, Operation operation) {
    Session session = holdings.sessions.find(adopt.session());
    var adopted = new ArrayList<Held>();
    for (Held claimed : adopt.leases()) {
      if (session != null && adopt(claimed, session, operation)) {
        adopted.add(claimed);
      }
    }
    return new Reply.Adopted(adopted);
  }

  Reply detach(Transition.Detach detach, Operation operation) {
    Session session = holdings.sessions.find(detach.session());
    if (session != null) {
      clockwork.lose(session, operation);
    }
    return new Reply.Done();
  }

  private boolean adopt(Held claimed, Session session, Operation operation) {
    if (!(holdings.ids.get(claimed.id().high(), claimed.id().low()) instanceof Entry entry)) {
      return false;
    }
    Lease lease = entry.lease;
    if (lease == null || lease.fence != claimed.fence() || !lease.worker.equals(session.worker)) {
      return false;
    }
    boolean free = entry.state == InvocationState.QUEUED && entry.adoptable;
    if (free || entry.state == InvocationState.RUNNING) {
      lifecycle.adopt(entry, lease, session, operation);
      return true;
    }
    return false;
  }

  private @Nullable Identified any(Settlement settlement) {
    return holdings.ids.get(settlement.id().high(), settlement.id().low());
  }

  /** The invocation, if the session holds its lease. */
  private @Nullable Entry held(SessionId session, long high, long low) {
    return holdings.ids.get(high, low) instanceof Entry entry
            && entry.lease != null
            && entry.lease.holder != null
            && entry.lease.holder.id.equals(session)
        ? entry
        : null;
  }
}
