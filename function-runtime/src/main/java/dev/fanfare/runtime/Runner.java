package dev.fanfare.runtime;

import dev.fanfare.frame.Frame.Held;
import java.util.List;

/** Runs attempts, in the order they come, as many at once as the function allows. */
sealed interface Runner permits SerialRunner, ConcurrentRunner {

  /** Takes attempts; may run them before it returns. */
  void run(List<Attempt> attempts);

  /**
   * Interrupts an attempt that runs, or drops one that has yet to start; false if it has neither.
   */
  boolean revoke(Held lease, String reason);

  /** Gives up an attempt that has yet to start; false if there is none. */
  boolean recall(Held lease);
}
