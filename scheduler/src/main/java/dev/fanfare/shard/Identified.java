package dev.fanfare.shard;

/** What a shard knows under an invocation's id: a live one or the record of an ended one. */
sealed interface Identified permits Entry, Kept {
  /** The upper half of the id. */
  long high();

  /** The lower half of the id. */
  long low();
}
