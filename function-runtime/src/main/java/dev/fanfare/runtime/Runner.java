package dev.fanfare.runtime;

import dev.fanfare.frame.Frame.Held;
import java.util.List;

/** Runs attempts, in the order they come, as many at once as the function allows. */
sealed interface Runner permits SerialRunner, ConcurrentRunner {

  /** Takes attempts; true if they wait for the caller to {@link #drain}. */
  boolean add(List<Attempt> attempts);

  /** Runs what waits for this thread, until nothing does. */
  void drain();

  /**
   * Interrupts an attempt that runs, or drops one that has yet to start; false if it has neither.
   */
  boolean revoke(Held lease, String reason);

  /** Gives up an attempt that has yet to start; false if there is none. */
  boolean recall(Held lease);
}
