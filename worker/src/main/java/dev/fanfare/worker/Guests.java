package dev.fanfare.worker;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attempts of functions that hold no slot here while others hold them all, and those that are to be
 * alone in a runtime. A runtime of theirs, started meanwhile if there is none, gets the slot of one
 * that yields: that one is given nothing more, and so is idle once it has done what it was given.
 * Only on the agent's context.
 */
final class Guests {
  private final Hosts hosts;
  private final ArrayDeque<TrackedAttempt> waiting = new ArrayDeque<>();
  private Set<HostedRuntime> yielding = Set.of();

  Guests(Hosts hosts) {
    this.hosts = hosts;
  }

  ArrayDeque<TrackedAttempt> waiting() {
    return waiting;
  }

  void add(TrackedAttempt guest) {
    waiting.add(guest);
    seat();
  }

  /** Gives free slots to guests; where there are none, has as many runtimes yield as are needed. */
  void seat() {
    if (waiting.isEmpty() && yielding.isEmpty()) {
      return;
    }
    var givers = new HashSet<HostedRuntime>();
    for (Iterator<TrackedAttempt> guests = waiting.iterator(); guests.hasNext(); ) {
      TrackedAttempt guest = guests.next();
      FunctionRuntimes function = hosts.function(FunctionKey.of(guest.lease));
      boolean alone = guest.lease.alone();
      HostedRuntime seat = function == null ? null : seat(function, alone);
      if (seat != null) {
        guests.remove();
        seat.add(guest);
      } else if (function != null) {
        HostedRuntime giver = alone ? hosts.giver(function.runtimes, givers) : null;
        giver = giver == null ? giver(function, givers) : giver;
        if (giver != null) {
          givers.add(giver);
        }
      }
    }
    yielding.forEach(runtime -> runtime.yields(false));
    givers.forEach(runtime -> runtime.yields(true));
    yielding = givers;
  }

  private @Nullable HostedRuntime seat(FunctionRuntimes function, boolean alone) {
    HostedRuntime atHome = alone ? null : function.leastLoaded(function.ahead());
    if (atHome != null || !hosts.slotFree()) {
      return atHome;
    }
    HostedRuntime ready = hosts.takeReady(function);
    return ready != null || function.starting() || function.full()
        ? ready
        : hosts.start(function, false);
  }

  /** The runtime that the function's slot should come from; starts one of its own if need be. */
  private @Nullable HostedRuntime giver(FunctionRuntimes function, Set<HostedRuntime> taken) {
    if (hosts.hasReady(function)) {
      return hosts.giver(function, false, taken);
    }
    if (function.starting() || function.full()) {
      return null;
    }
    HostedRuntime servant = hosts.giver(function, true, taken);
    if (servant == null && hosts.keepsIdle()) {
      hosts.start(function, true);
      return null;
    }
    return servant == null ? hosts.giver(function, false, taken) : servant;
  }

  /** A runtime of the function could not be made: what became of its guests. */
  Set<TrackedAttempt> dismiss(FunctionRuntimes function) {
    var dismissed = new HashSet<TrackedAttempt>();
    waiting.stream()
        .filter(guest -> FunctionKey.of(guest.lease).equals(function.key))
        .forEach(dismissed::add);
    waiting.removeAll(dismissed);
    return dismissed;
  }
}
