package dev.fanfare.shard;

/** Something that time changes; {@link DueTimes} keeps it in order of when. */
abstract sealed class Timed permits Entry, Session {
  /** Not among the {@link DueTimes}. */
  static final int NO_TIMER = -1;

  /** Unique in the shard, rising in order of coming; decides where two are due at once. */
  final long sequence;

  /** Where {@link DueTimes} has it. */
  int timer = NO_TIMER;

  Timed(long sequence) {
    this.sequence = sequence;
  }

  /**
   * When something is to be done about it, epoch microseconds; {@code Long.MAX_VALUE} when never.
   */
  abstract long due();
}
