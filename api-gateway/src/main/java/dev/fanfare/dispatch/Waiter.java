package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.shard.Reply.Admission;

/**
 * Whoever submitted an invocation, waiting to hear of it. Called on the dispatcher's context; must
 * not block.
 *
 * <p>First either {@link #admitted} or {@link #uncertain} is called. A submission that was accepted
 * and is not asynchronous hears later of its end, once, by {@link #ended} or, when that cannot be
 * told any more, by {@link #uncertain}.
 */
public interface Waiter {

  /** The shard answered: whether it keeps the invocation. */
  void admitted(Admission admission);

  /**
   * It is not known what became of the invocation: its shard did not answer, or has lost it, or
   * this gateway stops. It may still run; nothing more is told here.
   *
   * @param why for people
   */
  void uncertain(String why);

  /**
   * The ledger failed and did not take it: what runs of it at most is stopped, and nothing is kept.
   *
   * @param why for people
   */
  default void failed(String why) {
    uncertain(why);
  }

  /** The key that it came under was used at another gateway in this moment. */
  default void anticipated() {
    uncertain("its idempotency key was used at another gateway in this moment");
  }

  /** The invocation is terminal. */
  void ended(InvocationRecord invocation);
}
