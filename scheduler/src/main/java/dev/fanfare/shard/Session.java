package dev.fanfare.shard;

import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session that may be offered work, with the leases it holds. */
final class Session extends Timed {
  final SessionId id;

  /** The ordinals of the requirement classes that its worker meets. */
  final BitSet meets = new BitSet();

  WorkerProfile profile;
  Optional<WorkerId> worker;
  NodeId gateway;
  long leaseMicros;
  long aliveUntil;
  private @Nullable Lease newest;

  Session(long sequence, Transition.Attach attach) {
    super(sequence);
    this.id = attach.session();
    this.profile = attach.worker();
    this.worker = Optional.of(attach.worker().id());
    this.gateway = attach.gateway();
    this.leaseMicros = attach.leaseMicros();
  }

  /** Takes over what a repeated attachment says. */
  void describe(Transition.Attach attach) {
    profile = attach.worker();
    worker = Optional.of(attach.worker().id());
    gateway = attach.gateway();
    leaseMicros = attach.leaseMicros();
  }

  @Override
  long due() {
    return aliveUntil;
  }

  void renew(long now) {
    aliveUntil = now + Math.max(1, leaseMicros);
  }

  void take(Lease lease) {
    lease.holder = this;
    lease.previous = newest;
    if (newest != null) {
      newest.next = lease;
    }
    newest = lease;
  }

  void release(Lease lease) {
    if (lease.previous != null) {
      lease.previous.next = lease.next;
    }
    if (lease.next != null) {
      lease.next.previous = lease.previous;
    } else {
      newest = lease.previous;
    }
    lease.holder = null;
    lease.previous = null;
    lease.next = null;
  }

  /** Its leases as they are now, in the order in which their invocations came. */
  List<Lease> leases() {
    var all = new ArrayList<Lease>();
    for (Lease lease = newest; lease != null; lease = lease.previous) {
      all.add(lease);
    }
    all.sort(Comparator.comparingLong(lease -> lease.entry.sequence));
    return all;
  }
}
