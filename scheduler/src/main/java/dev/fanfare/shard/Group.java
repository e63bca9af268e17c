package dev.fanfare.shard;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A share's ready invocations in one requirement class: one line for each of its targets. */
final class Group {
  /** Not among the ready ones of its class. */
  static final int ABSENT = -1;

  final Share share;
  final RequirementClass requirements;

  /** How many lines it has, ready or not. */
  int lines;

  /** Where its class has it. */
  int place = ABSENT;

  /** Its claim when it got its place; lower is better. The true one is the same or higher. */
  long claim;

  /** Its share's turn when it got its place. */
  long turn;

  private final List<Line> ready = new ArrayList<>(1);
  private @Nullable Line best;

  Group(Share share, RequirementClass requirements) {
    this.share = share;
    this.requirements = requirements;
  }

  /** The line whose first invocation is to be taken first; none when nothing is ready. */
  @Nullable Line best() {
    return best;
  }

  /** Takes notice that the line has something ready now. */
  void opened(Line line) {
    ready.add(line);
    advanced(line);
  }

  /** Takes notice that the line has nothing ready any more. */
  void emptied(Line line) {
    ready.remove(line);
    if (best == line) {
      choose();
    }
  }

  /** Takes notice that another invocation is the line's first now. */
  void advanced(Line line) {
    if (best == line) {
      choose();
    } else if (best == null || first(line).before(first(best))) {
      best = line;
    }
  }

  /** The invocation to be taken first; only while something is ready. */
  Entry first() {
    if (best == null) {
      throw new IllegalStateException("nothing of " + share.key + " is ready");
    }
    return first(best);
  }

  static Entry first(Line line) {
    Entry first = line.ready.first();
    if (first == null) {
      throw new IllegalStateException("nothing of " + line.target + " is ready");
    }
    return first;
  }

  private void choose() {
    best = null;
    for (Line line : ready) {
      if (best == null || first(line).before(first(best))) {
        best = line;
      }
    }
  }
}
