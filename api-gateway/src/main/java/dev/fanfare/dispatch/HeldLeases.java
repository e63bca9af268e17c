package dev.fanfare.dispatch;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.shard.WarmKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The leases of a session, and which functions they are of. Only on the dispatcher's context. */
final class HeldLeases {
  private final Map<InvocationId, Right> rights = new HashMap<>();
  private final Map<WarmKey, Home> homes = new HashMap<>();
  private @Nullable Home latest;

  private record Right(long fence, @Nullable Home home, String state) {}

  /** How many leases a function has. */
  private static final class Home {
    final WarmKey function;
    int leases;

    Home(WarmKey function) {
      this.function = function;
    }
  }

  /** One that was given while the worker was in this state. */
  void add(Lease lease, String state) {
    Home home = home(lease);
    home.leases++;
    left(rights.put(lease.id(), new Right(lease.fence(), home, state)));
  }

  /** The state in which the lease was given; empty if it was in none or that is not known. */
  String state(InvocationId id, long fence) {
    Right right = rights.get(id);
    return right == null || right.fence != fence ? "" : right.state;
  }

  /** One that an earlier session was given; of which function it is, is not known. */
  void adopt(Held lease) {
    left(rights.put(lease.id(), new Right(lease.fence(), null, "")));
  }

  /** Whether it was there. */
  boolean remove(InvocationId id, long fence) {
    Right right = rights.get(id);
    if (right == null || right.fence != fence) {
      return false;
    }
    rights.remove(id);
    left(right);
    return true;
  }

  boolean contains(InvocationId id, long fence) {
    Right right = rights.get(id);
    return right != null && right.fence == fence;
  }

  boolean contains(InvocationId id) {
    return rights.containsKey(id);
  }

  Set<InvocationId> ids() {
    return rights.keySet();
  }

  int size() {
    return rights.size();
  }

  /** The functions that have some. */
  List<WarmKey> functions() {
    return List.copyOf(homes.keySet());
  }

  boolean hasSome(WarmKey function) {
    return homes.containsKey(function);
  }

  /** Neighbours are mostly of one function. */
  private Home home(Lease lease) {
    Home last = latest;
    if (last != null
        && last.leases > 0
        && last.function.function().equals(lease.function())
        && last.function.revision().equals(lease.revision())) {
      return last;
    }
    Home home = homes.computeIfAbsent(new WarmKey(lease.revision(), lease.function()), Home::new);
    latest = home;
    return home;
  }

  private void left(@Nullable Right right) {
    Home home = right == null ? null : right.home;
    if (home != null && --home.leases == 0) {
      homes.remove(home.function);
    }
  }
}
