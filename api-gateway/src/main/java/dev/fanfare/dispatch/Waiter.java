package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.shard.Reply.Admission;

/**
 * Whoever submitted an invocation, waiting to hear of it. Called on the dispatcher's context; must
 * not block. Exactly one of {@link #admitted} and {@link #uncertain} is called, then {@link #ended}
 * at most once and only for a submission that is not asynchronous and was accepted.
 */
public interface Waiter {

  /** The shard answered: whether it keeps the invocation. */
  void admitted(Admission admission);

  /**
   * It is not known whether the invocation was kept: its shard did not answer. It may still run;
   * nothing more is told here.
   *
   * @param why for people
   */
  void uncertain(String why);

  /** The invocation is terminal. */
  void ended(InvocationRecord invocation);
}
