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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about invocations: how they stand, when they end, which there are. From any thread;
 * the answers come on the dispatcher's context.
 */
final class Inquiries {
  /** How long the end of an asynchronous invocation may take to be on disk before that is told. */
  static final Duration LONGEST_SETTLEMENT = Duration.ofSeconds(3);

  /** Of how many that a list has as not ended the ledger is asked whether they have. */
  private static final int MOST_LOOKED_UP = 1_000;

  private static final long SETTLEMENT_LOOK_MILLIS = 100;
  private static final long FIRST_LOOK_MILLIS = 100;
  private static final long LONGEST_LOOK_MILLIS = 1_000;

  private final Traffic traffic;

  Inquiries(Traffic traffic) {
    this.traffic = traffic;
  }

  /**
   * The invocation as it stands: from its shard, else from the ledger. An asynchronous one has
   * ended when the ledger says so, and then as the ledger says, whatever its shard shows: where two
   * halves of a cluster have met, a shard may run again what has ended, or have ended it otherwise.
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
              return found.get().async()
                  ? accepted(tenant, found.get())
                  : awaited(tenant, found.get());
            })
        .map(found -> found.filter(invocation -> invocation.tenant().equals(tenant)));
  }

  private Future<Optional<InvocationRecord>> accepted(TenantId tenant, InvocationRecord inShard) {
    return recorded(tenant, inShard.id())
        .compose(
            end ->
                end.isEmpty() && inShard.state().terminal()
                    ? settled(tenant, inShard.id())
                    : Future.succeededFuture(end))
        .map(end -> end.or(() -> Optional.of(Unended.of(inShard))));
  }

  /** Only the gateway of its caller knows what that one was told, and writes it down. */
  private Future<Optional<InvocationRecord>> awaited(TenantId tenant, InvocationRecord inShard) {
    Optional<InvocationRecord> found = Optional.of(inShard);
    return inShard.state().terminal() && traffic.accepted().ledgerIsShared()
        ? recorded(tenant, inShard.id()).map(end -> end.or(() -> found)).otherwise(found)
        : Future.succeededFuture(found);
  }

  private Future<Optional<InvocationRecord>> recorded(TenantId tenant, InvocationId id) {
    return traffic.blocking(() -> traffic.history().find(tenant, id));
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

  /**
   * The end of one that has ended in its shard, once the ledger has it; waits a while for that.
   * Fails if by then the ledger cannot be read.
   */
  Future<Optional<InvocationRecord>> settled(TenantId tenant, InvocationId id) {
    Promise<Optional<InvocationRecord>> end = Promise.promise();
    Consumer<InvocationRecord> watcher = ended -> end.tryComplete(Optional.of(ended));
    traffic.run(
        () -> {
          traffic.waiting().watch(id, watcher);
          var unread = new AtomicReference<@Nullable Throwable>();
          long timer =
              traffic.later(LONGEST_SETTLEMENT.toMillis(), () -> giveUp(end, unread.get()));
          lookForEnd(tenant, id, end, unread);
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
      TenantId tenant,
      InvocationId id,
      Promise<Optional<InvocationRecord>> end,
      AtomicReference<@Nullable Throwable> unread) {
    if (end.future().isComplete()) {
      return;
    }
    traffic
        .ledgers()
        .find(tenant, id)
        .onComplete(
            looked -> {
              unread.set(looked.cause());
              if (looked.succeeded()
                  && looked.result().filter(r -> r.state().terminal()).isPresent()) {
                end.tryComplete(looked.result());
              } else {
                traffic.later(SETTLEMENT_LOOK_MILLIS, () -> lookForEnd(tenant, id, end, unread));
              }
            });
  }

  private static void giveUp(Promise<Optional<InvocationRecord>> end, @Nullable Throwable unread) {
    if (unread == null) {
      end.tryComplete(Optional.empty());
    } else {
      end.tryFail(unread);
    }
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
              return traffic.blocking(() -> ended(tenant, filter, listing));
            })
        .map(
            ended -> {
              listing.add(ended);
              return listing.newestFirst();
            });
  }

  private List<InvocationRecord> ended(TenantId tenant, InvocationFilter filter, Listing listing) {
    boolean unended = filter.state().filter(state -> !state.terminal()).isPresent();
    return unended
        ? traffic.history().find(tenant, listing.newestIds(MOST_LOOKED_UP))
        : traffic.history().list(tenant, filter);
  }

  private static Future<List<InvocationRecord>> scan(Lane lane) {
    return lane.ask(new Transition.Scan(Listing.MOST_OF_A_SHARD))
        .map(reply -> ((Reply.Found) reply).records());
  }
}
