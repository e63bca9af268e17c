package dev.fanfare.shard;

import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.Target;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lines by target and requirements, with the shares and classes they belong to. Idle ones are
 * kept for a while, since most functions are called again, and dropped once they are many.
 */
final class LineBook {
  private static final int RECENT = 64;
  private static final int LEAST_SWEEP = 256;

  private final RequirementBook classes;
  private final SessionBook sessions;
  private final Map<Key, Line> lines = new LinkedHashMap<>();
  private final Map<Share.Key, Share> shares = new LinkedHashMap<>();
  private final Map<WarmKey, WarmLines> warm = new HashMap<>();
  private final @Nullable Recent[] recent = new Recent[RECENT];

  /** What no share has turns of. */
  private Pauses pauses = Pauses.NONE;

  /** At so many lines the idle ones go. */
  int sweepAt = LEAST_SWEEP;

  LineBook(RequirementBook classes, SessionBook sessions) {
    this.classes = classes;
    this.sessions = sessions;
  }

  private record Key(Target target, Requirements requirements) {}

  /** What a slot of {@link #recent} found last, under these very objects. */
  private record Recent(Target target, Requirements requirements, Line line) {
    @SuppressWarnings("ReferenceEquality") // to compare values is what this saves
    boolean isFor(Target wanted, Requirements required) {
      return target == wanted && requirements == required;
    }
  }

  /** The line for these, opened if need be; none when there are too many requirement classes. */
  @Nullable Line line(Target target, Requirements requirements) {
    int slot = target.function().value().hashCode() & RECENT - 1;
    Recent found = recent[slot];
    if (found != null && found.isFor(target, requirements)) {
      return found.line;
    }
    Line line = lines.get(new Key(target, requirements));
    if (line == null) {
      line = open(target, requirements);
    }
    if (line != null) {
      recent[slot] = new Recent(target, requirements, line);
    }
    return line;
  }

  /** The lines that a warm runtime can serve, if there are any. */
  @Nullable WarmLines warm(WarmKey key) {
    return warm.get(key);
  }

  /** The share of a line that is here. */
  Share share(Share.Key key) {
    Share share = shares.get(key);
    if (share == null) {
      throw new IllegalStateException("no line of " + key + " is here");
    }
    return share;
  }

  Collection<Line> lines() {
    return lines.values();
  }

  Collection<Share> shares() {
    return shares.values();
  }

  Pauses pauses() {
    return pauses;
  }

  /** These shares have no turns from here on; the queue is to be told of each. */
  void pause(Pauses next) {
    pauses = next;
    for (Share share : shares.values()) {
      share.paused = next.cover(share.key.tenant(), share.key.function());
    }
  }

  private @Nullable Line open(Target target, Requirements requirements) {
    if (lines.size() >= sweepAt || classes.isFull()) {
      sweep();
    }
    RequirementClass known = classes.find(requirements);
    if (known == null && classes.isFull()) {
      return null;
    }
    return add(target, known == null ? classes.open(requirements, sessions.all()) : known);
  }

  /** Opens a line that is not here yet, in a class that is open. */
  Line add(Target target, RequirementClass requirements) {
    var share =
        shares.computeIfAbsent(new Share.Key(target.tenant(), target.function()), this::open);
    var siblings =
        warm.computeIfAbsent(new WarmKey(target.revision(), target.function()), WarmLines::new);
    var line = new Line(target, group(share, requirements), siblings);
    line.group.lines++;
    siblings.lines.add(line);
    lines.put(new Key(target, requirements.requirements), line);
    return line;
  }

  private Share open(Share.Key key) {
    var share = new Share(key);
    share.paused = pauses.cover(key.tenant(), key.function());
    return share;
  }

  private static Group group(Share share, RequirementClass requirements) {
    for (Group group : share.groups) {
      if (group.requirements == requirements) {
        return group;
      }
    }
    var group = new Group(share, requirements);
    share.groups.add(group);
    requirements.groups++;
    return group;
  }

  private void sweep() {
    for (Iterator<Line> each = lines.values().iterator(); each.hasNext(); ) {
      Line line = each.next();
      if (line.live == 0) {
        each.remove();
        drop(line);
      }
    }
    Arrays.fill(recent, null);
    sweepAt = Math.max(LEAST_SWEEP, lines.size() * 2);
  }

  private void drop(Line line) {
    line.warm.lines.remove(line);
    if (line.warm.lines.isEmpty()) {
      warm.remove(line.warm.key);
    }
    Group group = line.group;
    if (--group.lines == 0) {
      group.share.groups.remove(group);
      if (group.share.groups.isEmpty()) {
        shares.remove(group.share.key);
      }
      if (--group.requirements.groups == 0) {
        classes.close(group.requirements);
      }
    }
  }
}
