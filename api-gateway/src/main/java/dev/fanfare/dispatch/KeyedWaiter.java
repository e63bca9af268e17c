package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;

/** Whoever submitted an invocation under a key. In the place of being admitted it may be known. */
public interface KeyedWaiter extends Waiter {

  /** The key stands for this invocation, accepted before with the same body; nothing was added. */
  void known(InvocationId id);

  /** The key stands for an invocation that had another body; nothing was added. */
  void otherBody(InvocationId id);
}
