package dev.fanfare.dispatch;

import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Transition;
import java.util.function.Consumer;

/**
 * A transition by itself.
 *
 * @param persistent whether it is asked again until the shard answers; repeating it is harmless
 */
record Asking(
    Transition transition, Consumer<Reply> onReply, Consumer<Throwable> onLoss, boolean persistent)
    implements Step {

  /** A change that must reach the shard. */
  static Asking untilDone(Transition transition) {
    return untilDone(transition, reply -> {});
  }

  /** A change that must reach the shard, whose reply is of interest. */
  static Asking untilDone(Transition transition, Consumer<Reply> onReply) {
    return new Asking(transition, onReply, failure -> {}, true);
  }

  /** Something that need not succeed. */
  static Asking once(Transition transition) {
    return once(transition, reply -> {}, failure -> {});
  }

  /** A question that may go unanswered. */
  static Asking once(Transition transition, Consumer<Reply> onReply, Consumer<Throwable> onLoss) {
    return new Asking(transition, onReply, onLoss, false);
  }

  @Override
  public void replied(Reply reply) {
    onReply.accept(reply);
  }

  @Override
  public boolean lost(Throwable failure) {
    onLoss.accept(failure);
    return persistent;
  }
}
