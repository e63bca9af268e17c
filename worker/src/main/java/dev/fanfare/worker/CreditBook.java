package dev.fanfare.worker;

import dev.fanfare.frame.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The room that the gateway believes this worker to have, kept in step with what there is. More
 * room is told at once when little of what was told is left; else, and less room always, a little
 * later, so that short work does not make two frames of every call. Only on the agent's context.
 */
final class CreditBook {
  private int free;
  private int guests;
  private Set<FunctionKey> full = Set.of();
  private final Map<FunctionKey, Integer> warm = new HashMap<>();

  /** A new session knows of no room. */
  void clear() {
    free = 0;
    guests = 0;
    full = Set.of();
    warm.clear();
  }

  /** A lease used room. */
  void spend(FunctionKey function, TrackedAttempt.Uses uses) {
    switch (uses) {
      case WARM -> warm.merge(function, -1, Integer::sum);
      case FREE -> free--;
      case GUEST -> guests--;
    }
  }

  /** What must be told before any credit: which functions are full; null if that is known. */
  Frame.@Nullable Full full(Room room) {
    if (room.full().equals(full)) {
      return null;
    }
    full = room.full();
    return new Frame.Full(
        full.stream().map(key -> new Frame.Warm(key.revision(), key.function(), 0)).toList());
  }

  /** Whether the gateway believes something else than this. */
  boolean differs(Room room) {
    return free != room.free() || guests != room.guests() || !settled(room.warm());
  }

  private boolean settled(Map<FunctionKey, Room.Warm> wanted) {
    for (Map.Entry<FunctionKey, Integer> told : warm.entrySet()) {
      if (!told.getValue().equals(count(wanted, told.getKey()))) {
        return false;
      }
    }
    for (Map.Entry<FunctionKey, Room.Warm> want : wanted.entrySet()) {
      if (want.getValue().count() != warm.getOrDefault(want.getKey(), 0)) {
        return false;
      }
    }
    return true;
  }

  /** What must be told at once; null if nothing. */
  Frame.@Nullable Credit urgent(Room room) {
    int more = room.free() - free;
    boolean urgent = more > 0 && free * 2 < room.free() || guests * 2 < room.guests();
    for (Map.Entry<FunctionKey, Room.Warm> want : room.warm().entrySet()) {
      int told = warm.getOrDefault(want.getKey(), 0);
      urgent |= want.getValue().inDemand() && told * 2 < want.getValue().count();
    }
    return urgent ? changes(room, false) : null;
  }

  /** Everything that differs; null if nothing does. */
  Frame.@Nullable Credit all(Room room) {
    return changes(room, true);
  }

  private Frame.@Nullable Credit changes(Room room, boolean less) {
    int freeChange = change(room.free() - free, less);
    free += freeChange;
    int guestChange = change(room.guests() - guests, less);
    guests += guestChange;
    List<Frame.Warm> changes = new ArrayList<>();
    for (Map.Entry<FunctionKey, Room.Warm> want : room.warm().entrySet()) {
      FunctionKey key = want.getKey();
      add(changes, key, change(want.getValue().count() - warm.getOrDefault(key, 0), less));
    }
    if (less) {
      for (FunctionKey key : List.copyOf(warm.keySet())) {
        if (!room.warm().containsKey(key)) {
          add(changes, key, -warm.getOrDefault(key, 0));
        }
      }
    }
    return freeChange == 0 && guestChange == 0 && changes.isEmpty()
        ? null
        : new Frame.Credit(freeChange, changes, guestChange);
  }

  private void add(List<Frame.Warm> changes, FunctionKey key, int change) {
    if (change != 0) {
      warm.merge(key, change, Integer::sum);
      changes.add(new Frame.Warm(key.revision(), key.function(), change));
    }
    warm.remove(key, 0);
  }

  private static int change(int difference, boolean less) {
    return less ? difference : Math.max(0, difference);
  }

  private static Integer count(Map<FunctionKey, Room.Warm> wanted, FunctionKey key) {
    Room.Warm want = wanted.get(key);
    return want == null ? 0 : want.count();
  }
}
