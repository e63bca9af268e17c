package dev.fanfare.shard;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives what is ready to the sessions that have room for it, one to each in turn. Warm room is used
 * before free room; free room goes to the best claim, and so does guest room while none is free.
 */
final class Matching {
  /** So long may a better claim be passed over for the sake of warm room, for want of free room. */
  static final long PATIENCE_MICROS = 5_000;

  private final Holdings holdings;
  private final Lifecycle lifecycle;
  private final Clockwork clockwork;

  Matching(Holdings holdings, Lifecycle lifecycle, Clockwork clockwork) {
    this.holdings = holdings;
    this.lifecycle = lifecycle;
    this.clockwork = clockwork;
  }

  void match(List<Offer> offers, Operation operation) {
    List<Room> rooms = rooms(offers, operation);
    do {
      while (warmRound(rooms, operation)) {}
    } while (freeRound(rooms, operation) || guestRound(rooms, operation));
  }

  private List<Room> rooms(List<Offer> offers, Operation operation) {
    var rooms = new ArrayList<Room>(offers.size());
    for (Offer offer : offers) {
      Session session = holdings.sessions.find(offer.session());
      if (session == null) {
        operation.unattached(offer.session());
      } else {
        rooms.add(new Room(session, offer, holdings.lines));
      }
    }
    return rooms;
  }

  /** One warm grant for each session that may have one; whether there was any. */
  private boolean warmRound(List<Room> rooms, Operation operation) {
    boolean granted = false;
    for (Room room : rooms) {
      if (holdings.queue.isEmpty()) {
        return false;
      }
      if (room.hasWarm()) {
        granted |= grantWarm(room, rooms, operation);
      }
    }
    return granted;
  }

  private boolean grantWarm(Room room, List<Room> rooms, Operation operation) {
    Entry best = best(room, operation);
    if (best == null) {
      return false;
    }
    if (!room.isWarmFor(best.line)) {
      if (room.takesGuest(best.line) && !anyFree(rooms)) {
        return grantGuest(room, best, operation);
      }
      boolean mayBePassedOver = room.free == 0 && isNew(best, operation);
      Line warm = mayBePassedOver ? room.bestWarm(holdings.queue) : null;
      if (warm == null) {
        return false;
      }
      best = Group.first(warm);
      if (best.due() <= operation.now) {
        clockwork.due(best, operation);
        return true;
      }
    }
    room.useWarm(best.line);
    lifecycle.grant(best, room.session, Grant.Uses.WARM, operation);
    return true;
  }

  /** Whether it is ready for a short while only; one from before the clock stepped back is not. */
  private static boolean isNew(Entry entry, Operation operation) {
    long waited = operation.now - entry.dueAt;
    return waited >= 0 && waited <= PATIENCE_MICROS;
  }

  /** One grant of free room to each session that has any; whether there was any. */
  private boolean freeRound(List<Room> rooms, Operation operation) {
    boolean granted = false;
    for (Room room : rooms) {
      if (holdings.queue.isEmpty()) {
        return false;
      }
      Entry best = room.free > 0 ? best(room, operation) : null;
      if (best != null) {
        room.free--;
        lifecycle.grant(best, room.session, Grant.Uses.FREE, operation);
        granted = true;
      }
    }
    return granted;
  }

  /** One guest for each session that takes it, if nothing is free; whether there was any. */
  private boolean guestRound(List<Room> rooms, Operation operation) {
    if (anyFree(rooms)) {
      return false;
    }
    boolean granted = false;
    for (Room room : rooms) {
      if (holdings.queue.isEmpty()) {
        return false;
      }
      Entry best = room.hasGuests() ? best(room, operation) : null;
      granted |= best != null && room.takesGuest(best.line) && grantGuest(room, best, operation);
    }
    return granted;
  }

  private boolean grantGuest(Room room, Entry guest, Operation operation) {
    room.useGuest(guest.line);
    lifecycle.grant(guest, room.session, Grant.Uses.GUEST, operation);
    return true;
  }

  private static boolean anyFree(List<Room> rooms) {
    for (Room room : rooms) {
      if (room.free > 0) {
        return true;
      }
    }
    return false;
  }

  /** The best claim to the room; what is found overdue on the way ends. */
  private @Nullable Entry best(Room room, Operation operation) {
    Line line = holdings.queue.best(room);
    while (line != null) {
      Entry first = Group.first(line);
      if (first.due() > operation.now) {
        return first;
      }
      clockwork.due(first, operation);
      line = holdings.queue.best(room);
    }
    return null;
  }
}
