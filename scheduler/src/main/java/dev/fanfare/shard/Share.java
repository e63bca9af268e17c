package dev.fanfare.shard;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.TenantId;
import java.util.ArrayList;
import java.util.List;

/**
 * A function of a tenant as one that takes turns with the others.
 *
 * <p>The one whose last turn is longest ago has the better claim to the next, and a priority is
 * worth the time in which waiting would make up for it. A share that had nothing ready counts as if
 * its last turn had been almost one priority's worth before it came back: it goes before those that
 * are busy, but having been away for longer is worth no more, and not as much as a higher priority.
 */
final class Share {
  /** Earlier than any time, and far from overflow. */
  static final long NEVER_SERVED = Long.MIN_VALUE / 4;

  final Key key;

  /** One for every requirement class that its invocations have. */
  final List<Group> groups = new ArrayList<>(1);

  /** When it had its last turn, by the queue's clock. */
  long servedAt = NEVER_SERVED;

  /** The number of its last turn, which decides between turns at the same time. */
  long turn;

  /** When it last went from nothing ready to something. */
  long readySince = NEVER_SERVED;

  /** Whether none of its invocations may start for the time being. */
  boolean paused;

  /** How many of its invocations are ready. */
  int ready;

  /** How many of its invocations are ready or scheduled. */
  int waiting;

  Share(Key key) {
    this.key = key;
  }

  /**
   * How good its claim to the next turn is with an invocation of this priority, lower is better.
   * Rises with every turn.
   */
  long claim(int priority, long agingMicros) {
    return Math.max(servedAt, readySince - agingMicros + 1) - priority * agingMicros;
  }

  /** Who takes turns. */
  record Key(TenantId tenant, FunctionName function) {}
}
