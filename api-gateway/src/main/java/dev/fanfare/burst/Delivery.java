package dev.fanfare.burst;

import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Results on their way out: put into order where that is wanted, held while their reader is slow,
 * brought from disk one at a time where they are large. Only on the dispatcher's context.
 */
final class Delivery {
  private final Platform platform;
  private final LargePayloads payloads;
  private final IntConsumer delivered;
  private final Kept kept;
  private final @Nullable Map<Long, Ended> early;
  private final ArrayDeque<Ended> ready = new ArrayDeque<>();
  private @Nullable Peer peer;
  private long next;
  private boolean soon;
  private boolean fetching;

  /**
   * Nothing yet.
   *
   * @param peer who reads them; null for nobody
   * @param delivered hears how many results are out of our hands
   */
  Delivery(
      Platform platform,
      LargePayloads payloads,
      Kept kept,
      boolean ordered,
      @Nullable Peer peer,
      IntConsumer delivered) {
    this.platform = platform;
    this.payloads = payloads;
    this.kept = kept;
    this.early = ordered ? new HashMap<>() : null;
    this.peer = peer;
    this.delivered = delivered;
  }

  void add(Ended ended) {
    kept.add(ended);
    if (early == null || ended.index() == next) {
      next++;
      ready.add(ended);
      for (Ended follower = follower(); follower != null; follower = follower()) {
        next++;
        ready.add(follower);
      }
    } else {
      early.put(ended.index(), ended);
    }
    flushSoon();
  }

  /** The reader has room again. */
  void drained() {
    flushSoon();
  }

  /** Nobody reads any more: what comes is only kept. */
  void leave() {
    peer = null;
    flushSoon();
  }

  private @Nullable Ended follower() {
    return early == null ? null : early.remove(next);
  }

  private void flushSoon() {
    if (!soon) {
      soon = true;
      platform.dispatcher().context().runOnContext(tick -> flush());
    }
  }

  private void flush() {
    soon = false;
    Peer to = peer;
    int count = 0;
    while (!ready.isEmpty() && !fetching && (to == null || !to.full())) {
      Ended ended = ready.removeFirst();
      if (to != null && large(ended) && size(ended) <= to.largestResult()) {
        fetching = true;
        payloads.fetch(ended, this::fetched);
      } else {
        if (to != null) {
          to.deliver(ended);
        }
        count++;
      }
    }
    if (to != null) {
      to.flush();
    }
    if (count > 0) {
      delivered.accept(count);
    }
  }

  private void fetched(Ended ended) {
    fetching = false;
    if (peer != null) {
      peer.deliver(ended);
    }
    delivered.accept(1);
    flushSoon();
  }

  private static boolean large(Ended ended) {
    return ended.outcome() instanceof Outcome.Success(Payload.Blob blob);
  }

  private static long size(Ended ended) {
    return ended.outcome() instanceof Outcome.Success(Payload result) ? result.size() : 0;
  }
}
