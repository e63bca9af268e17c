package dev.fanfare.shard;

import dev.fanfare.protocol.SessionId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The attached sessions. */
final class SessionBook {
  private final RequirementBook classes;
  private final DueTimes due;
  private final Map<SessionId, Session> sessions = new LinkedHashMap<>();

  SessionBook(RequirementBook classes, DueTimes due) {
    this.classes = classes;
    this.due = due;
  }

  @Nullable Session find(SessionId id) {
    return sessions.get(id);
  }

  Collection<Session> all() {
    return sessions.values();
  }

  /** Takes it in, or takes over what is new about it; it is alive from now on. */
  void attach(Transition.Attach attach, long sequence, long now) {
    Session known = sessions.get(attach.session());
    if (known == null) {
      known = new Session(sequence, attach);
      add(known);
    } else if (!known.profile.equals(attach.worker())) {
      known.describe(attach);
      classes.examine(known);
    } else {
      known.describe(attach);
    }
    renew(known, now);
  }

  /** Takes in one that is not here. */
  void add(Session session) {
    sessions.put(session.id, session);
    classes.examine(session);
  }

  void renew(Session session, long now) {
    session.renew(now);
    due.update(session);
  }

  /** Takes it out; its leases are the caller's to give back. */
  void remove(Session session) {
    sessions.remove(session.id);
    due.remove(session);
  }
}
