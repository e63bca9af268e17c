package dev.fanfare.gateway;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.Target;
import org.jspecify.annotations.Nullable;

/** A caller that waits for its invocation, linked with the others of its event loop. */
abstract class WaitingCall {
  /** Links of {@link WaitingCalls}. */
  @Nullable WaitingCall before;

  @Nullable WaitingCall after;
  long waitingSinceMillis;
  long withoutWorkerSinceMillis;

  final FunctionCalls calls;
  final InvocationId id;
  final Target target;
  final CallOptions options;
  private final Requirements requirements;

  WaitingCall(FunctionCalls calls, InvocationId id, Target target, CallOptions options) {
    this.calls = calls;
    this.id = id;
    this.target = target;
    this.options = options;
    this.requirements = target.policy().requirements().and(options.constraints());
  }

  /** What a worker must meet to run it. */
  final Requirements requirements() {
    return requirements;
  }

  /** When it becomes ready, epoch microseconds; 0 for at once. */
  final long notBefore() {
    return options.notBefore();
  }

  /** No worker that is connected could run it: gives up, unless one runs it already. */
  final void noCapacity(String why) {
    calls
        .dispatcher()
        .find(target.tenant(), id)
        .onSuccess(
            found -> {
              if (found.isEmpty() || found.get().state() == InvocationState.QUEUED) {
                calls.platform().onContext(() -> giveUp(why));
              }
            });
  }

  /** Ends it, for no connected worker could run it. */
  abstract void giveUp(String why);

  /** The gateway stops. */
  abstract void shutDown();
}
