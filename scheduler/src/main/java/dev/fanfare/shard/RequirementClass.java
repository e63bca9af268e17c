package dev.fanfare.shard;

import dev.fanfare.protocol.Requirements;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** All invocations with equal requirements: what a worker may run one of, it may run all of. */
final class RequirementClass {
  final int ordinal;
  final Requirements requirements;

  /** How many groups it has, ready or not. */
  int groups;

  private final long agingMicros;
  private final ByClaim ready = new ByClaim();

  RequirementClass(int ordinal, Requirements requirements, long agingMicros) {
    this.ordinal = ordinal;
    this.requirements = requirements;
    this.agingMicros = agingMicros;
  }

  boolean isReady() {
    return !ready.isEmpty();
  }

  /** The ready group with the best claim, if any is ready. */
  @Nullable Group best() {
    Group first = ready.first();
    while (first != null && isOutdated(first)) {
      place(first);
      first = ready.first();
    }
    return first;
  }

  /** The same among those that the room is not closed to. */
  @Nullable Group best(Room room) {
    Group first = best();
    if (first == null || !isClosed(first, room)) {
      return first;
    }
    var closed = new ArrayList<Group>();
    while (first != null && isClosed(first, room)) {
      ready.remove(first);
      first.place = Group.ABSENT;
      closed.add(first);
      first = best();
    }
    closed.forEach(this::place);
    return first;
  }

  private static boolean isClosed(Group group, Room room) {
    Line line = group.best();
    return line != null && room.isClosedTo(line);
  }

  /** Puts the group where its first invocation places it, nowhere if none may be taken. */
  void changed(Group group) {
    if (group.best() != null && !group.share.paused) {
      place(group);
    } else if (group.place != Group.ABSENT) {
      ready.remove(group);
      group.place = Group.ABSENT;
    }
  }

  /** How good a claim this invocation has to its share's next turn, lower is better. */
  long claim(Entry entry) {
    return entry.line.group.share.claim(entry.priority, agingMicros);
  }

  private void place(Group group) {
    group.claim = claim(group.first());
    group.turn = group.share.turn;
    if (group.place == Group.ABSENT) {
      ready.add(group);
    } else {
      ready.reposition(group);
    }
  }

  /** A share's turns in other classes raise its claim here; that shows when it comes to the top. */
  private boolean isOutdated(Group group) {
    return group.turn != group.share.turn;
  }

  /** A heap of groups that know their place in it. */
  private static final class ByClaim extends IndexedHeap<Group> {
    @Override
    boolean before(Group one, Group other) {
      if (one.claim != other.claim) {
        return one.claim < other.claim;
      }
      return one.turn != other.turn ? one.turn < other.turn : one.first().before(other.first());
    }

    @Override
    int indexOf(Group group) {
      return group.place;
    }

    @Override
    void moved(Group group, int index) {
      group.place = index;
    }
  }
}
