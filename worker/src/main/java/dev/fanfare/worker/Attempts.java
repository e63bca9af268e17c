package dev.fanfare.worker;

import dev.fanfare.cache.BlobCache;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.protocol.Payload;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All leases on this worker that have not ended. Only on the agent's context. */
final class Attempts {
  private final BlobCache cache;
  private final Map<Held, TrackedAttempt> all = new LinkedHashMap<>();

  Attempts(BlobCache cache) {
    this.cache = cache;
  }

  void add(TrackedAttempt attempt) {
    all.put(attempt.held, attempt);
  }

  boolean has(TrackedAttempt attempt) {
    return all.get(attempt.held) == attempt;
  }

  @Nullable TrackedAttempt get(Held held) {
    return all.get(held);
  }

  Collection<TrackedAttempt> all() {
    return all.values();
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** It is over; a body that was kept for it need not be any more. */
  void remove(TrackedAttempt attempt) {
    if (all.remove(attempt.held) != null && attempt.bodyHeld) {
      cache.release(((Payload.Blob) attempt.lease.payload()).hash());
    }
  }
}
