package dev.fanfare.runtime;

import dev.fanfare.frame.Frame.Held;
import java.util.List;

/** Runs attempts, in the order they come, as many at once as the function allows. */
sealed interface Runner permits SerialRunner, ConcurrentRunner {

  /**
   * Takes attempts; true if they wait for the caller to {@link #drain}.
   *
   * @param onlyWork whether nothing else waits for the caller or runs on a thread like it
   */
  boolean add(List<Attempt> attempts, boolean onlyWork);

  /** Runs what waits for this thread, until nothing does. */
  void drain();

  /** Called now and then: sees to it that nothing waits behind an attempt that turns out long. */
  void unblock(long now);

  /**
   * Interrupts an attempt that runs, or drops one that has yet to start; false if it has neither.
   */
  boolean revoke(Held lease, String reason);

  /** Gives up an attempt that has yet to start; false if there is none. */
  boolean recall(Held lease);
}
