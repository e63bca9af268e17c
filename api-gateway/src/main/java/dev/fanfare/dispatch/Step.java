package dev.fanfare.dispatch;

import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Transition;

/** One transition of a lane's next batch, and what is to be done about its reply. */
interface Step {

  /** What goes to the shard; called once, when the batch leaves. */
  Transition transition();

  /** How many subjects it has. */
  default int size() {
    return 1;
  }

  /** The shard applied it. */
  void replied(Reply reply);

  /** It is not known whether the shard applied it. Returns whether it is to be sent again. */
  boolean lost(Throwable failure);
}
