package dev.fanfare.gateway;

import dev.fanfare.protocol.Requirements;
import org.jspecify.annotations.Nullable;

/** A caller that waits for its invocation, linked with the others of its event loop. */
abstract class WaitingCall {
  /** Links of {@link WaitingCalls}. */
  @Nullable WaitingCall before;

  @Nullable WaitingCall after;
  long waitingSinceMillis;
  long withoutWorkerSinceMillis;

  /** What a worker must meet to run it. */
  abstract Requirements requirements();

  /** When it becomes ready, epoch microseconds; 0 for at once. */
  abstract long notBefore();

  /** No worker that is connected could run it: gives up, unless one runs it already. */
  abstract void noCapacity(String why);

  /** The gateway stops. */
  abstract void shutDown();
}
