package dev.fanfare.dispatch;

import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Transition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is asked about invocations: how they stand, when they end, which there are. From any thread;
 * the answers come on the dispatcher's context.
 */
final class Inquiries {
  /** How long the end of an asynchronous invocation may take to be on disk before that is told. */
  static final Duration LONGEST_SETTLEMENT = Duration.ofSeconds(3);

  private static final long SETTLEMENT_LOOK_MILLIS = 100;
  private static final long FIRST_LOOK_MILLIS = 100;
  private static final long LONGEST_LOOK_MILLIS = 1_000;

  private final Traffic traffic;

  Inquiries(Traffic traffic) {
    this.traffic = traffic;
  }

  /**
   * The invocation as it stands: from its shard, else from the ledger. An asynchronous one has
   * ended when the ledger says so.
   */
  Future<Optional<InvocationRecord>> find(TenantId tenant, InvocationId id) {
    Promise<Optional<InvocationRecord>> promise = Promise.promise();
    traffic.run(() -> traffic.laneOf(id).find(id, seeker(promise)));
    return promise
        .future()
        .compose(
            found -> {
              if (found.isEmpty()) {
                return traffic.ledgers().find(tenant, id);
              }
              traffic.effects().seen(found.get());
              return found.get().async() && found.get().state().terminal()
                  ? settled(tenant, id).map(end -> end.or(() -> found.map(Unended::of)))
                  : Future.succeededFuture(found);
            })
        .map(found -> found.filter(invocation -> invocation.tenant().equals(tenant)));
  }

  private static Finding.Seeker seeker(Promise<Optional<InvocationRecord>> promise) {
    return new Finding.Seeker() {
      @Override
      public void found(Optional<InvocationRecord> invocation) {
        promise.complete(invocation);
      }

      @Override
      public void lost(Throwable failure) {
        promise.fail(failure);
      }
    };
  }

  /** The end of one that has ended in its shard, once the ledger has it; waits a while for that. */
  Future<Optional<InvocationRecord>> settled(TenantId tenant, InvocationId id) {
    Promise<Optional<InvocationRecord>> end = Promise.promise();
    Consumer<InvocationRecord> watcher = ended -> end.tryComplete(Optional.of(ended));
    traffic.run(
        () -> {
          traffic.waiting().watch(id, watcher);
          long timer =
              traffic.later(LONGEST_SETTLEMENT.toMillis(), () -> end.tryComplete(Optional.empty()));
          lookForEnd(tenant, id, end);
          end.future()
              .onComplete(
                  over -> {
                    traffic.cancel(timer);
                    traffic.waiting().unwatch(id, watcher);
                  });
        });
    return end.future();
  }

  /** Looks until the end is there: another gateway may record it, and tells only its own. */
  private void lookForEnd(
      TenantId tenant, InvocationId id, Promise<Optional<InvocationRecord>> end) {
    if (end.future().isComplete()) {
      return;
    }
    traffic
        .ledgers()
        .look(
            tenant,
            id,
            found -> {
              if (found.filter(r -> r.state().terminal()).isPresent()) {
                end.tryComplete(found);
              } else {
                traffic.later(SETTLEMENT_LOOK_MILLIS, () -> lookForEnd(tenant, id, end));
              }
            });
  }

  /** The invocation when it is terminal, or as it stands when the time is over. */
  Future<Optional<InvocationRecord>> await(TenantId tenant, InvocationId id, Duration longest) {
    Promise<Optional<InvocationRecord>> end = Promise.promise();
    Consumer<InvocationRecord> watcher = ended -> end.tryComplete(Optional.of(ended));
    traffic.run(
        () -> {
          traffic.waiting().watch(id, watcher);
          long timer = traffic.later(longest.toMillis(), () -> end.tryComplete(Optional.empty()));
          end.future().onComplete(over -> traffic.cancel(timer));
        });
    return find(tenant, id)
        .compose(
            found -> {
              if (found.isEmpty() || found.get().state().terminal()) {
                return Future.succeededFuture(found);
              }
              traffic.run(() -> lookAgain(tenant, id, end, FIRST_LOOK_MILLIS));
              return end.future()
                  .compose(
                      ended ->
                          ended.isPresent() ? Future.succeededFuture(ended) : find(tenant, id));
            })
        .onComplete(
            done ->
                traffic.run(
                    () -> {
                      end.tryComplete(Optional.empty());
                      traffic.waiting().unwatch(id, watcher);
                    }));
  }

  /** Behind what is told there is a look, at first soon: ends are told at their origin alone. */
  private void lookAgain(
      TenantId tenant, InvocationId id, Promise<Optional<InvocationRecord>> end, long pause) {
    traffic.later(
        pause,
        () -> {
          if (!end.future().isComplete()) {
            find(tenant, id)
                .onComplete(
                    found -> {
                      if (found.succeeded()
                          && found.result().filter(r -> r.state().terminal()).isPresent()) {
                        end.tryComplete(found.result());
                      } else {
                        long next = Math.min(2 * pause, LONGEST_LOOK_MILLIS);
                        traffic.run(() -> lookAgain(tenant, id, end, next));
                      }
                    });
          }
        });
  }

  /** The tenant's invocations that pass the filter, newest first. */
  Future<List<InvocationRecord>> list(TenantId tenant, InvocationFilter filter) {
    var listing = new Listing(tenant, filter);
    return traffic
        .blocking(
            () -> {
              listing.add(traffic.elsewhere().list(tenant, filter));
              return traffic.accepted().newest(tenant, filter);
            })
        .compose(
            waiting -> {
              listing.add(waiting);
              return Future.all(Arrays.stream(traffic.lanes()).map(Inquiries::scan).toList());
            })
        .compose(
            all -> {
              all.<List<InvocationRecord>>list().forEach(listing::add);
              traffic.recorder().unrecorded().stream().map(Unended::of).forEach(listing::add);
              return traffic.blocking(() -> traffic.history().list(tenant, filter));
            })
        .map(
            ended -> {
              listing.add(ended);
              return listing.newestFirst();
            });
  }

  private static Future<List<InvocationRecord>> scan(Lane lane) {
    return lane.ask(new Transition.Scan(Listing.MOST_OF_A_SHARD))
        .map(reply -> ((Reply.Found) reply).records());
  }
}
