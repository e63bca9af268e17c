package dev.fanfare.gateway;

import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.protocol.Requirements;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The callers that wait, oldest first. Now and then it looks whether any of them waits for a worker
 * that is not there. Belongs to one event loop; entering and leaving cost nothing but two links.
 */
final class WaitingCalls {
  /** How long no connected worker may be able to run a call before its caller is told. */
  static final long PATIENCE_MILLIS = 3_000;

  /** How often to look. */
  static final long LOOK_MILLIS = 250;

  private final Dispatcher dispatcher;
  private final InstantSource clock;
  private @Nullable WaitingCall oldest;
  private @Nullable WaitingCall newest;

  WaitingCalls(Dispatcher dispatcher, InstantSource clock) {
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  void add(WaitingCall call) {
    call.waitingSinceMillis = clock.millis();
    call.before = newest;
    if (newest == null) {
      oldest = call;
    } else {
      newest.after = call;
    }
    newest = call;
  }

  /** Takes the call out; does nothing when it is not in. */
  void remove(WaitingCall call) {
    WaitingCall previous = call.before;
    WaitingCall next = call.after;
    if (previous == null && !isOldest(call)) {
      return;
    }
    if (previous == null) {
      oldest = next;
    } else {
      previous.after = next;
    }
    if (next == null) {
      newest = previous;
    } else {
      next.before = previous;
    }
    call.before = null;
    call.after = null;
  }

  @SuppressWarnings("ReferenceEquality") // the call itself is meant
  private boolean isOldest(WaitingCall call) {
    return oldest == call;
  }

  /**
   * Gives up the calls that no connected worker could run for {@link #PATIENCE_MILLIS}; but those
   * that are pinned to a declared state wait for a worker in it.
   */
  void look() {
    long now = clock.millis();
    Map<Requirements, Optional<String>> reasons = new HashMap<>();
    WaitingCall call = oldest;
    while (call != null && now - call.waitingSinceMillis >= LOOK_MILLIS) {
      WaitingCall next = call.after;
      look(call, now, reasons);
      call = next;
    }
  }

  /** Sends all callers away, because the gateway stops. */
  void shutDown() {
    while (oldest != null) {
      WaitingCall call = oldest;
      call.shutDown();
      remove(call);
    }
  }

  private void look(WaitingCall call, long now, Map<Requirements, Optional<String>> reasons) {
    if (call.notBefore() / 1_000 > now || StatePin.waits(call.requirements())) {
      return;
    }
    Optional<String> why = reasons.computeIfAbsent(call.requirements(), dispatcher::whyNot);
    if (why.isEmpty()) {
      call.withoutWorkerSinceMillis = 0;
    } else if (call.withoutWorkerSinceMillis == 0) {
      call.withoutWorkerSinceMillis = now;
    }
    if (why.isPresent() && now - call.withoutWorkerSinceMillis >= PATIENCE_MILLIS) {
      call.noCapacity(why.get());
    }
  }
}
