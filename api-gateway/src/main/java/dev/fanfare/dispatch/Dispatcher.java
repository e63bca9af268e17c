package dev.fanfare.dispatch;

import dev.fanfare.cluster.Mail;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.frame.Link;
import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import dev.fanfare.shard.Pauses;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Reply.Cancellation;
import dev.fanfare.shard.ShardCounts;
import dev.fanfare.shard.ShardEffects;
import dev.fanfare.shard.Shards;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import dev.fanfare.sharing.Neighbours;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One gateway's traffic with the queue. What one tick of the event loop brings for a shard goes
 * there as one operation; what the shards answer is routed to the workers' sessions, to those who
 * wait, and to the ledger.
 *
 * <p>The doors may be called from any thread, cheapest on the dispatcher's own context; what they
 * answer comes on that context. Nothing blocks.
 */
public final class Dispatcher {
  /** How long closing may take. */
  public static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  /** How long the end of an asynchronous invocation may take to be on disk before that is told. */
  static final Duration LONGEST_SETTLEMENT = Duration.ofSeconds(3);

  private static final long CLOSE_LOOK_MILLIS = 5;
  private static final long SETTLEMENT_LOOK_MILLIS = 100;
  private static final long FIRST_LOOK_MILLIS = 100;
  private static final long LONGEST_LOOK_MILLIS = 1_000;

  private final Context context;
  private final Traffic traffic;

  /**
   * Takes over a node's traffic.
   *
   * @param context an event-loop context, best the one that the gateway's connections use
   * @param meters written to from here on
   */
  public Dispatcher(Context context, SchedulerNode node, DispatchMeters meters) {
    this(context, node, BacklogLimits.DEFAULT, meters);
  }

  /** The same, holding so much accepted work. */
  public Dispatcher(
      Context context, SchedulerNode node, BacklogLimits limits, DispatchMeters meters) {
    this(
        context,
        node.id(),
        node.shards(),
        History.of(node.history()),
        node.accepted(),
        limits,
        node.mail(),
        node.neighbours(),
        Clock.systemUTC(),
        meters);
    traffic
        .accepted()
        .once()
        .shareWith(new ClusterKeys(this::exists, traffic.elsewhere(), node.claims(), node.id()));
    node.route(traffic.effects());
    node.pauses().onChange(this::pause);
    pause(node.pauses().pauses());
  }

  Dispatcher(
      Context context,
      NodeId node,
      Shards shards,
      History history,
      AcceptedWork work,
      BacklogLimits limits,
      Mail mail,
      Neighbours neighbours,
      Clock clock,
      DispatchMeters meters) {
    this.context = context;
    var elsewhere = new Elsewhere(neighbours, work.shared());
    this.traffic =
        new Traffic(context, node, shards, history, work, limits, mail, elsewhere, clock, meters);
    elsewhere.answerWith(new OwnInvocations(traffic, history, work.keys()));
  }

  /** Whether the invocation is known anywhere. Blocks. */
  private boolean exists(TenantId tenant, InvocationId id) {
    return find(tenant, id)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(LONGEST_SETTLEMENT.toMillis(), TimeUnit.MILLISECONDS)
        .join()
        .isPresent();
  }

  /** What is to hear of shards that this member ran by itself. */
  ShardEffects effects() {
    return traffic.effects();
  }

  /** The event-loop context that all this belongs to. */
  public Context context() {
    return context;
  }

  /** Runs a task on the dispatcher's context: at once when called there, else soon. */
  public void run(Runnable task) {
    traffic.run(task);
  }

  /** A fresh id in a shard that this gateway's member holds; the same shard for a while. */
  public InvocationId newId() {
    return traffic.ids().next();
  }

  /** Hands an invocation to its shard with whatever else goes there in this tick. */
  public void submit(Submission submission, Waiter waiter) {
    traffic.run(() -> traffic.submit(submission, waiter));
  }

  /**
   * Accepts an asynchronous invocation under a key of its caller, unless the key stands for one
   * already.
   *
   * @param body the hash of the media type and the body
   */
  public void submitOnce(Submission submission, String key, Sha256 body, KeyedWaiter waiter) {
    traffic.run(() -> traffic.submitOnce(submission, key, body, waiter));
  }

  /** The client's side of an invocation that is about to be submitted, until it is closed. */
  public void openChannel(InvocationId id, ChannelClient client) {
    traffic.run(() -> traffic.conversations().open(id, client));
  }

  /**
   * The client says something to the function.
   *
   * @param wait run when the client should say no more until it hears {@link ChannelClient#began}
   *     or {@link ChannelClient#drained}
   */
  public void say(InvocationId id, byte[] events, Runnable wait) {
    traffic.run(
        () -> {
          if (!traffic.conversations().clientSaid(id, events)) {
            wait.run();
          }
        });
  }

  /** Runs once all that the function said before its end has been passed on to its client. */
  public void afterLastWords(InvocationId id, Runnable then) {
    traffic.run(() -> traffic.conversations().afterLastWords(id, then));
  }

  /** Tells the client nothing more. */
  public void closeChannel(InvocationId id) {
    traffic.run(() -> traffic.conversations().close(id));
  }

  /** Tells its waiter nothing more: the caller went away. The invocation goes on. */
  public void leave(InvocationId id) {
    traffic.run(() -> traffic.waiting().leave(id));
  }

  /** Cancels; another tenant's invocation answers as a missing one. */
  public Future<Cancellation> cancel(TenantId tenant, InvocationId id, String reason) {
    return find(tenant, id)
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
                  : cancel(id, reason).map(Dispatcher::ended);
            });
  }

  /**
   * Cancels invocations that are the caller's own, a batch for each shard. Whoever waits for them
   * hears of their ends.
   */
  public void cancel(List<InvocationId> ids, String reason) {
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

  private Future<Cancellation> cancel(InvocationId id, String reason) {
    return ask(traffic.laneOf(id), new Transition.Cancel(List.of(id), reason))
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
        .map(Dispatcher::ended)
        .compose(
            cancellation ->
                cancellation == Cancellation.CANCELLED
                    ? recorded(tenant, id).map(recorded -> cancellation)
                    : Future.succeededFuture(cancellation));
  }

  private Future<Void> bring(TenantId tenant, InvocationId id) {
    return onContext(() -> traffic.accepted().bring(tenant, id))
        .compose(there -> traffic.blocking(() -> traffic.elsewhere().bring(tenant, id)))
        .mapEmpty();
  }

  /** Succeeds once the ledger has the invocation's end; fails when that takes too long. */
  private Future<InvocationRecord> recorded(TenantId tenant, InvocationId id) {
    return settled(tenant, id)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        new IllegalStateException("the ledger does not confirm the end of " + id)));
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

  /**
   * The invocation as it stands: from its shard, else from the ledger. An asynchronous one has
   * ended when the ledger says so.
   */
  public Future<Optional<InvocationRecord>> find(TenantId tenant, InvocationId id) {
    Promise<Optional<InvocationRecord>> promise = Promise.promise();
    traffic.run(() -> traffic.laneOf(id).find(id, seeker(promise)));
    return promise
        .future()
        .compose(
            found -> {
              if (found.isEmpty()) {
                return traffic.recorded(tenant, id);
              }
              traffic.effects().seen(found.get());
              return found.get().async() && found.get().state().terminal()
                  ? settled(tenant, id).map(end -> end.or(() -> found.map(Unended::of)))
                  : Future.succeededFuture(found);
            })
        .map(found -> found.filter(invocation -> invocation.tenant().equals(tenant)));
  }

  /** The end of one that has ended in its shard, once the ledger has it; waits a while for that. */
  private Future<Optional<InvocationRecord>> settled(TenantId tenant, InvocationId id) {
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
    traffic.fromHistory(
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

  /** The invocation when it is terminal, or as it stands when the time is over. */
  public Future<Optional<InvocationRecord>> await(
      TenantId tenant, InvocationId id, Duration longest) {
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

  /**
   * The tenant's invocations that pass the filter, newest first: what waits and runs, of each shard
   * the newest {@value Listing#MOST_OF_A_SHARD}, and what ended.
   */
  public Future<List<InvocationRecord>> list(TenantId tenant, InvocationFilter filter) {
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
              return Future.all(Arrays.stream(traffic.lanes()).map(this::scan).toList());
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

  /** Why not all is known that the ledger holds from before the start; empty when it is. */
  public Optional<String> recovering() {
    return traffic.accepted().backlog().surveyed()
        ? Optional.empty()
        : Optional.of("the ledger is being read");
  }

  /** How many accepted invocations wait in the ledger alone. */
  public long backlog() {
    return traffic.accepted().backlog().waiting();
  }

  private Future<List<InvocationRecord>> scan(Lane lane) {
    return ask(lane, new Transition.Scan(Listing.MOST_OF_A_SHARD))
        .map(reply -> ((Reply.Found) reply).records());
  }

  /** The workers whose sessions are on this gateway. */
  public List<WorkerView> workers() {
    return traffic.room().sessions().stream().map(WorkerSession::view).toList();
  }

  /** The workers of all gateways of the cluster, others' as they told a moment ago. */
  public List<WorkerView> workersEverywhere() {
    var all = new ArrayList<>(workers());
    all.addAll(traffic.peers().workers());
    return all;
  }

  /** The other node whose gateway has this worker's session, as it told a moment ago. */
  public Optional<NodeId> gatewayOf(WorkerId worker) {
    return traffic.peers().whose(worker);
  }

  /** Why no connected worker could run work with these demands; empty when one could. */
  public Optional<String> whyNot(Requirements requirements) {
    List<WorkerProfile> profiles =
        workersEverywhere().stream()
            .filter(worker -> !worker.draining())
            .map(WorkerView::profile)
            .toList();
    return Suitability.whyNot(requirements, profiles);
  }

  /** Why this worker could not run work with these demands; empty when it could. */
  public static Optional<String> whyNot(Requirements requirements, WorkerProfile worker) {
    return Suitability.whyNotOn(requirements, worker);
  }

  /** How many of these invocations this gateway's workers hold. Only on the context. */
  public int running(Iterable<InvocationId> ids) {
    int running = 0;
    for (InvocationId id : ids) {
      for (WorkerSession session : traffic.room().sessions()) {
        if (session.held().contains(id)) {
          running++;
          break;
        }
      }
    }
    return running;
  }

  /** The slots of the connected workers that could run work with these demands. */
  public int slots(Requirements requirements) {
    int slots = 0;
    for (WorkerSession session : traffic.room().sessions()) {
      if (!session.isDraining() && session.meets(requirements)) {
        slots += session.profile().slots();
      }
    }
    return slots;
  }

  /** Tells every shard what does not start from now on; done when all know. */
  public Future<Void> pause(Pauses pauses) {
    var pause = new Transition.Pause(pauses);
    List<Future<Reply>> told = new ArrayList<>();
    for (Lane lane : traffic.lanes()) {
      Promise<Reply> reply = Promise.promise();
      told.add(reply.future());
      traffic.run(() -> lane.add(Asking.untilDone(pause, reply::complete)));
    }
    return Future.all(told).mapEmpty();
  }

  /** The figures of all shards, summed; fails when one does not answer. */
  public Future<ShardCounts> counts() {
    return Future.all(Arrays.stream(traffic.lanes()).map(this::count).toList())
        .map(all -> Tally.sum(all.list()));
  }

  private Future<ShardCounts> count(Lane lane) {
    return ask(lane, new Transition.Count()).map(reply -> ((Reply.Counted) reply).counts());
  }

  /** A worker's session opened; it gets work as soon as it gives credit. Only on the context. */
  public WorkerSession open(SessionId id, WorkerProfile profile, Link link) {
    return traffic.open(id, profile, link);
  }

  /**
   * Ends the waits, then the traffic once what is under way has come back and the ledger holds what
   * ended, or after {@link #LONGEST_CLOSE} anyway. Sessions should be closed before.
   */
  public Future<Void> close() {
    Promise<Void> done = Promise.promise();
    traffic.run(
        () -> {
          traffic.abandonWaits();
          long end = System.nanoTime() + LONGEST_CLOSE.toNanos();
          closeWhenIdle(end, done);
        });
    return done.future();
  }

  private void closeWhenIdle(long end, Promise<Void> done) {
    if (traffic.idle() || System.nanoTime() - end > 0) {
      traffic.stop();
      done.complete();
    } else {
      traffic.later(CLOSE_LOOK_MILLIS, () -> closeWhenIdle(end, done));
    }
  }

  private Future<Reply> ask(Lane lane, Transition transition) {
    Promise<Reply> promise = Promise.promise();
    traffic.run(() -> lane.add(Asking.once(transition, promise::complete, promise::fail)));
    return promise.future();
  }
}
