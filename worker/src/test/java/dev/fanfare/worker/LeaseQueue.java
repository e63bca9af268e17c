package dev.fanfare.worker;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.InvocationId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What waits for a worker and what it has, by the credit that it told of. */
final class LeaseQueue {
  private final Deque<Lease> queue = new ArrayDeque<>();
  private final Map<InvocationId, Lease> leased = new HashMap<>();
  private final Map<String, Integer> warm = new HashMap<>();
  private int free;
  private int guests;
  private Set<String> full = Set.of();

  void add(Lease lease) {
    queue.add(lease);
  }

  void credit(Frame.Credit credit) {
    free += credit.free();
    guests += credit.guests();
    credit.warm().forEach(w -> warm.merge(w.function().value(), w.count(), Integer::sum));
  }

  /** The worker is away, and its credit with it. */
  void forgetCredit() {
    free = 0;
    guests = 0;
    full = Set.of();
    warm.clear();
  }

  int free() {
    return free;
  }

  void full(Frame.Full told) {
    full = told.functions().stream().map(w -> w.function().value()).collect(Collectors.toSet());
  }

  boolean isFull(String function) {
    return full.contains(function);
  }

  int guests() {
    return guests;
  }

  /** One is leased as a guest. */
  void leased(Lease lease) {
    guests--;
    leased.put(lease.id(), lease);
  }

  int warm(String function) {
    return warm.getOrDefault(function, 0);
  }

  int leased() {
    return leased.size();
  }

  /** As much as there is credit for; those that used warm room come first. */
  Optional<Frame.Leases> grant() {
    var warmOnes = new ArrayList<Lease>();
    var freeOnes = new ArrayList<Lease>();
    var kept = new ArrayDeque<Lease>();
    while (!queue.isEmpty()) {
      Lease lease = queue.remove();
      if (warm(lease.function().value()) > 0) {
        warm.merge(lease.function().value(), -1, Integer::sum);
        warmOnes.add(lease);
      } else if (free > 0 && !isFull(lease.function().value())) {
        free--;
        freeOnes.add(lease);
      } else {
        kept.add(lease);
      }
    }
    queue.addAll(kept);
    int warmCount = warmOnes.size();
    warmOnes.addAll(freeOnes);
    warmOnes.forEach(lease -> leased.put(lease.id(), lease));
    return warmOnes.isEmpty()
        ? Optional.empty()
        : Optional.of(new Frame.Leases(warmOnes, warmCount));
  }

  /** Takes the lease that the settlement ends out; false if there is none. */
  boolean settle(Settlement settlement) {
    Lease lease = leased.get(settlement.id());
    if (lease == null || lease.fence() != settlement.fence()) {
      return false;
    }
    leased.remove(settlement.id());
    return true;
  }

  void drop(Lease lease) {
    leased.remove(lease.id());
  }

  /** What the worker did not say that it holds is to be leased again. */
  void requeueAllBut(List<Held> held) {
    var kept = held.stream().map(Held::id).toList();
    List.copyOf(leased.keySet()).stream().filter(id -> !kept.contains(id)).forEach(this::requeue);
  }

  /** Back to the front, with a higher fence. */
  void requeue(InvocationId id) {
    Lease old = leased.remove(id);
    if (old != null) {
      queue.addFirst(again(old, old.attempt(), old.alone()));
    }
  }

  /** It was lost with others, and is leased again to be run alone. */
  void requeueAlone(InvocationId id) {
    Lease old = leased.remove(id);
    if (old != null) {
      queue.addFirst(again(old, old.attempt() + 1, true));
    }
  }

  private static Lease again(Lease old, int attempt, boolean alone) {
    return new Lease(
        old.id(),
        old.fence() + 1,
        attempt,
        old.revision(),
        old.function(),
        old.payload(),
        old.timeoutMicros(),
        old.callId(),
        old.traceparent(),
        alone);
  }
}
