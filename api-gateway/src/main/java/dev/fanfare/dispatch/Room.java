package dev.fanfare.dispatch;

import dev.fanfare.dispatch.Submitting.Need;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.shard.Offer;
import dev.fanfare.shard.WarmKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * All the room that this gateway's workers have, and what of it is offered to which shard. Room is
 * never offered twice at a time. Only on the dispatcher's context, but for {@link #sessions}.
 */
final class Room {
  private final List<WorkerSession> sessions = new CopyOnWriteArrayList<>();
  private final Map<SessionId, WorkerSession> byId = new HashMap<>();
  private long version;
  private int turn;
  private int out;

  /** The sessions that are open; from any thread. */
  List<WorkerSession> sessions() {
    return sessions;
  }

  void add(WorkerSession session) {
    sessions.add(session);
    byId.put(session.id(), session);
  }

  void remove(WorkerSession session) {
    sessions.remove(session);
    byId.remove(session.id());
  }

  @Nullable WorkerSession session(SessionId id) {
    return byId.get(id);
  }

  /** Rises whenever a worker said that it has more room. */
  long version() {
    return version;
  }

  void grew() {
    version++;
  }

  /** Whether there is any, and be it for guests. */
  boolean any() {
    for (WorkerSession session : sessions) {
      if (session.mayTakeSome()) {
        return true;
      }
    }
    return false;
  }

  /** Whether some session with room, and be it for guests, could run work of these classes. */
  boolean mayTakeAny(List<Requirements> classes) {
    for (WorkerSession session : sessions) {
      if (session.mayTakeSome() && session.meetsAny(classes)) {
        return true;
      }
    }
    return false;
  }

  /** Whether some session with room could run work of one of these classes. */
  boolean suitsAny(List<Requirements> classes) {
    for (WorkerSession session : sessions) {
      if (session.open() && session.meetsAny(classes)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reserves room for a batch: to a hungry shard, all of every session that could run some of what
   * waits there; else as much as the batch's own submissions need, warm runtimes before free slots.
   */
  List<Reservation> reserve(List<Need> needs, List<Requirements> hungry) {
    if (sessions.isEmpty() || needs.isEmpty() && hungry.isEmpty()) {
      return List.of();
    }
    var portions = new ArrayList<Portion>();
    int first = turn++;
    for (int i = 0; i < sessions.size(); i++) {
      WorkerSession session = sessions.get(Math.floorMod(first + i, sessions.size()));
      if (session.mayTakeSome()) {
        portions.add(new Portion(session));
      }
    }
    portions.forEach(portion -> portion.takeAllFor(hungry));
    for (Need need : needs) {
      portions.forEach(portion -> portion.takeWarm(need));
    }
    for (Need need : needs) {
      portions.forEach(portion -> portion.takeFree(need));
    }
    for (Need need : needs) {
      portions.forEach(portion -> portion.takeGuest(need));
    }
    List<Reservation> reserved =
        portions.stream().filter(Portion::any).map(Portion::reserved).toList();
    out += reserved.size();
    return reserved;
  }

  /** A batch came back; what it used is spent after this. */
  void release(List<Reservation> reserved) {
    out -= reserved.size();
    reserved.forEach(part -> part.session().credits().release(part.offer()));
  }

  /** Whether some room is offered to a shard just now. */
  boolean partlyOut() {
    return out > 0;
  }

  /** One session's part of a batch's offers, while it is put together. */
  private static final class Portion {
    private final WorkerSession session;
    private final List<Offer.Warm> warm = new ArrayList<>(2);
    private int free;
    private int guests;
    private @Nullable Offer all;

    Portion(WorkerSession session) {
      this.session = session;
    }

    void takeAllFor(List<Requirements> hungry) {
      if (session.meetsAny(hungry)) {
        all = session.credits().all(session);
      }
    }

    void takeWarm(Need need) {
      if (all == null && need.count > 0 && session.meets(need.requirements)) {
        WarmKey key = key(need);
        int count = Math.min(need.count, session.credits().warm(key) - taken(key));
        if (count > 0) {
          need.count -= count;
          warm.add(new Offer.Warm(key.revision(), key.function(), count));
        }
      }
    }

    private static WarmKey key(Need need) {
      return new WarmKey(need.target.revision(), need.target.function());
    }

    private int taken(WarmKey key) {
      int taken = 0;
      for (Offer.Warm part : warm) {
        if (part.revision().equals(key.revision()) && part.function().equals(key.function())) {
          taken += part.count();
        }
      }
      return taken;
    }

    void takeFree(Need need) {
      if (all == null
          && need.count > 0
          && session.meets(need.requirements)
          && !session.isFull(key(need))) {
        int count = Math.min(need.count, session.credits().free() - free);
        if (count > 0) {
          need.count -= count;
          free += count;
        }
      }
    }

    void takeGuest(Need need) {
      if (all == null
          && need.count > 0
          && session.meets(need.requirements)
          && session.credits().guests() > guests
          && !session.isAtHome(key(need))
          && !session.isFull(key(need))) {
        need.count--;
        guests++;
      }
    }

    boolean any() {
      return all == null ? free > 0 || guests > 0 || !warm.isEmpty() : all.any();
    }

    private Offer offer() {
      List<WarmKey> atHome = guests == 0 ? List.of() : session.atHome();
      return new Offer(session.id(), free, warm, guests, atHome, session.full());
    }

    Reservation reserved() {
      Offer offer = all == null ? offer() : all;
      session.credits().reserve(offer);
      return new Reservation(session, offer);
    }
  }
}
