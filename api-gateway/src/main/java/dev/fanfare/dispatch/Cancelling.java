package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Reply.Cancellation;
import dev.fanfare.shard.Transition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Ends invocations before their time, wherever they wait or run. From any thread. */
final class Cancelling {
  private final Traffic traffic;
  private final Inquiries inquiries;

  Cancelling(Traffic traffic, Inquiries inquiries) {
    this.traffic = traffic;
    this.inquiries = inquiries;
  }

  /** Cancels; another tenant's invocation answers as a missing one. */
  Future<Cancellation> cancel(TenantId tenant, InvocationId id, String reason) {
    return inquiries
        .find(tenant, id)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture(Cancellation.UNKNOWN);
              }
              if (found.get().state().terminal()) {
                return Future.succeededFuture(Cancellation.ENDED);
              }
              return found.get().async()
                  ? cancelAccepted(tenant, id, reason)
                  : cancel(id, reason).map(Cancelling::ended);
            });
  }

  private Future<Cancellation> cancel(InvocationId id, String reason) {
    return traffic
        .laneOf(id)
        .ask(new Transition.Cancel(List.of(id), reason))
        .map(reply -> ((Reply.Cancelled) reply).cancellations().getFirst());
  }

  /** It may wait in the ledger alone; and it is cancelled once the ledger says so. */
  private Future<Cancellation> cancelAccepted(TenantId tenant, InvocationId id, String reason) {
    return cancel(id, reason)
        .compose(
            cancellation ->
                cancellation == Cancellation.UNKNOWN
                    ? bring(tenant, id).compose(there -> cancel(id, reason))
                    : Future.succeededFuture(cancellation))
        .compose(
            cancellation ->
                switch (cancellation) {
                  case CANCELLED -> recorded(tenant, id).map(Cancelling::standing);
                  case ENDED -> Future.succeededFuture(cancellation);
                  // it ended, or nobody could bring it
                  case UNKNOWN -> recorded(tenant, id).map(end -> Cancellation.ENDED);
                });
  }

  private Future<Void> bring(TenantId tenant, InvocationId id) {
    return onContext(() -> traffic.accepted().bring(tenant, id))
        .compose(there -> traffic.blocking(() -> traffic.elsewhere().bring(tenant, id)))
        .mapEmpty();
  }

  private <T> Future<T> onContext(Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    traffic.run(() -> work.get().onComplete(promise));
    return promise.future();
  }

  /** It was there just now: if the shard does not know it any more, then because it ended. */
  private static Cancellation ended(Cancellation cancellation) {
    return cancellation == Cancellation.UNKNOWN ? Cancellation.ENDED : cancellation;
  }

  /** Another end may have come to the ledger first; then that one stands. */
  private static Cancellation standing(InvocationRecord end) {
    return end.state() == InvocationState.CANCELLED ? Cancellation.CANCELLED : Cancellation.ENDED;
  }

  /** Succeeds once the ledger has the invocation's end; fails when that takes too long. */
  private Future<InvocationRecord> recorded(TenantId tenant, InvocationId id) {
    return inquiries
        .settled(tenant, id)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        new IllegalStateException("the ledger does not confirm the end of " + id)));
  }

  /** Cancels the caller's own, a batch for each shard; whoever waits for them hears their ends. */
  void cancelOwn(List<InvocationId> ids, String reason) {
    traffic.run(
        () -> {
          Map<Lane, List<InvocationId>> byLane = new HashMap<>();
          for (InvocationId id : ids) {
            byLane.computeIfAbsent(traffic.laneOf(id), lane -> new ArrayList<>()).add(id);
          }
          byLane.forEach(
              (lane, part) -> lane.add(Asking.untilDone(new Transition.Cancel(part, reason))));
        });
  }
}
