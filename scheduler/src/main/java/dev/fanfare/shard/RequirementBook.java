package dev.fanfare.shard;

import dev.fanfare.protocol.Requirements;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The requirement classes by number, and which of them each session's worker meets. */
final class RequirementBook {
  /**
   * The most classes at a time; to match a worker costs time in proportion to those that are ready.
   */
  static final int MOST_CLASSES = 4_096;

  private final long agingMicros;
  private final Map<Requirements, RequirementClass> classes = new HashMap<>();
  private final List<@Nullable RequirementClass> byOrdinal = new ArrayList<>();
  private final BitSet taken = new BitSet();

  RequirementBook(long agingMicros) {
    this.agingMicros = agingMicros;
  }

  Collection<RequirementClass> all() {
    return classes.values();
  }

  @Nullable RequirementClass find(Requirements requirements) {
    return classes.get(requirements);
  }

  boolean isFull() {
    return classes.size() >= MOST_CLASSES;
  }

  /** Opens a class that is not here yet, for these sessions and those to come. */
  RequirementClass open(Requirements requirements, Iterable<Session> sessions) {
    return open(taken.nextClearBit(0), requirements, sessions);
  }

  /** Opens it under a number of the caller's choice. */
  RequirementClass open(int ordinal, Requirements requirements, Iterable<Session> sessions) {
    var opened = new RequirementClass(ordinal, requirements, agingMicros);
    classes.put(requirements, opened);
    taken.set(ordinal);
    while (byOrdinal.size() <= ordinal) {
      byOrdinal.add(null);
    }
    byOrdinal.set(ordinal, opened);
    for (Session session : sessions) {
      session.meets.set(ordinal, requirements.metBy(session.profile));
    }
    return opened;
  }

  /** Closes a class that has no groups; its number is used again. */
  void close(RequirementClass closed) {
    classes.remove(closed.requirements);
    taken.clear(closed.ordinal);
    byOrdinal.set(closed.ordinal, null);
  }

  /** Finds out which classes the session's worker meets. */
  void examine(Session session) {
    session.meets.clear();
    for (RequirementClass known : classes.values()) {
      session.meets.set(known.ordinal, known.requirements.metBy(session.profile));
    }
  }

  /** The open class of that number. */
  RequirementClass at(int ordinal) {
    RequirementClass known = byOrdinal.get(ordinal);
    if (known == null) {
      throw new IllegalStateException("no requirement class has the number " + ordinal);
    }
    return known;
  }
}
