package dev.fanfare.shard;

/** All that a shard holds, empty at first. */
final class Holdings {
  final IdMap ids = new IdMap();
  final LiveEntries live = new LiveEntries();
  final DueTimes due = new DueTimes();
  final Tally tally = new Tally();
  final KeptRecords kept = new KeptRecords(ids);
  final RequirementBook classes;
  final SessionBook sessions;
  final LineBook lines;
  final FairQueue queue;

  /** The number of the latest entry or session that came. */
  long sequence;

  Holdings(ShardLimits limits) {
    long agingMicros = Math.max(1, limits.agingPerPriority().toNanos() / 1_000);
    classes = new RequirementBook(agingMicros);
    sessions = new SessionBook(classes, due);
    lines = new LineBook(classes, sessions);
    queue = new FairQueue(classes, agingMicros);
  }

  /** Nothing that these cover starts from here on, and everything else may again. */
  void pause(Pauses pauses) {
    lines.pause(pauses);
    lines.shares().forEach(queue::pausedOrResumed);
  }

  long nextSequence() {
    return ++sequence;
  }
}
