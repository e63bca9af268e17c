package dev.fanfare.shard;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is ready. Whose turn it is, is decided in three steps: the requirement classes that a
 * worker meets; among the functions of all tenants with something ready in them, the one with the
 * best claim ({@link Share}); of its invocations the one that ranks first: by priority, aged, then
 * as they came.
 *
 * <p>Nothing here costs more than the logarithm of what waits.
 */
final class FairQueue {
  /** A gateway's clock may be so far behind that of the shard's owner. */
  private static final long BELIEVED_MICROS = 1_000_000;

  private final RequirementBook book;
  private final BitSet readyClasses = new BitSet();
  final long agingMicros;

  /** The latest time seen, which does not step back with the owner's clock. */
  long clock;

  /** How many turns were had. */
  long turns;

  FairQueue(RequirementBook book, long agingMicros) {
    this.book = book;
    this.agingMicros = agingMicros;
  }

  /** Time is this, or has stepped back, which is ignored. */
  void advance(long now) {
    clock = Math.max(clock, now);
  }

  /**
   * The rank of one that is ready at once or later. Somebody waits for the answer: it came now.
   * Else its id tells when it was submitted, so that one that waited elsewhere keeps its place; of
   * one that comes for the first time that is believed within a second.
   */
  long rank(Submission submission) {
    return Math.max(came(submission), submission.notBefore()) - submission.priority() * agingMicros;
  }

  private long came(Submission submission) {
    if (!submission.async()) {
      return clock;
    }
    long made = submission.id().epochMillis() * 1_000;
    boolean again = submission.resumed().submittedAt() != 0;
    return again ? Math.min(made, clock) : Math.clamp(made, clock - BELIEVED_MICROS, clock);
  }

  void add(Entry entry) {
    Line line = entry.line;
    Group group = line.group;
    if (group.share.ready++ == 0) {
      group.share.readySince = clock;
    }
    boolean opens = line.ready.isEmpty();
    line.ready.add(entry);
    if (opens) {
      group.opened(line);
      changed(group);
    } else if (line.ready.first() == entry) {
      group.advanced(line);
      changed(group);
    }
  }

  void remove(Entry entry) {
    Line line = entry.line;
    Group group = line.group;
    group.share.ready--;
    boolean leads = line.ready.first() == entry;
    line.ready.remove(entry);
    if (line.ready.isEmpty()) {
      group.emptied(line);
      changed(group);
    } else if (leads) {
      group.advanced(line);
      changed(group);
    }
  }

  /** A share had a turn. */
  void served(Share share) {
    share.servedAt = clock;
    share.turn = ++turns;
  }

  /** Gives a share that was read back, with what is ready of it, the claim it had. */
  void resume(Share share, long servedAt, long turn, long readySince) {
    share.servedAt = servedAt;
    share.turn = turn;
    share.readySince = readySince;
    share.groups.forEach(this::changed);
  }

  /** The share was paused or resumed. */
  void pausedOrResumed(Share share) {
    share.groups.forEach(this::changed);
  }

  /** Whether nothing is ready that may start. */
  boolean isEmpty() {
    return readyClasses.isEmpty();
  }

  /**
   * The line whose first invocation has the best claim among those that the room's worker may run.
   */
  @Nullable Line best(Room room) {
    Line best = null;
    for (int i = readyClasses.nextSetBit(0); i >= 0; i = readyClasses.nextSetBit(i + 1)) {
      if (room.session.meets.get(i)) {
        Group group = book.at(i).best(room);
        best = better(best, group == null ? null : group.best());
      }
    }
    return best;
  }

  /** The one of two lines with something ready whose first invocation has the better claim. */
  @Nullable Line better(@Nullable Line one, @Nullable Line other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return hasBetterClaim(Group.first(other), Group.first(one)) ? other : one;
  }

  /** Those of the classes that have something ready, at most so many. */
  List<RequirementClass> ready(int limit) {
    var classes = new ArrayList<RequirementClass>();
    for (int i = readyClasses.nextSetBit(0); i >= 0; i = readyClasses.nextSetBit(i + 1)) {
      if (classes.size() == limit) {
        break;
      }
      classes.add(book.at(i));
    }
    return classes;
  }

  private boolean hasBetterClaim(Entry entry, Entry than) {
    Share share = entry.line.group.share;
    Share other = than.line.group.share;
    if (share == other) {
      return entry.before(than);
    }
    long claim = share.claim(entry.priority, agingMicros);
    long otherClaim = other.claim(than.priority, agingMicros);
    if (claim != otherClaim) {
      return claim < otherClaim;
    }
    return share.turn != other.turn ? share.turn < other.turn : entry.before(than);
  }

  private void changed(Group group) {
    RequirementClass requirements = group.requirements;
    requirements.changed(group);
    readyClasses.set(requirements.ordinal, requirements.isReady());
  }
}
