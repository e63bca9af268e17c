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
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

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

  private static final long CLOSE_LOOK_MILLIS = 5;

  private final Context context;
  private final Traffic traffic;
  private final Inquiries inquiries;
  private final Cancelling cancelling;
  private final Workforce workforce;

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
    this.inquiries = new Inquiries(traffic);
    this.cancelling = new Cancelling(traffic, inquiries);
    this.workforce = new Workforce(traffic.room(), traffic.peers());
    elsewhere.answerWith(new OwnInvocations(traffic, history, work.keys()));
  }

  /** Whether the invocation is known anywhere. Blocks. */
  private boolean exists(TenantId tenant, InvocationId id) {
    return find(tenant, id)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(Inquiries.LONGEST_SETTLEMENT.toMillis(), TimeUnit.MILLISECONDS)
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
    traffic.run(() -> traffic.intake().submit(submission, waiter));
  }

  /**
   * Accepts an asynchronous invocation under a key of its caller, unless the key stands for one
   * already.
   *
   * @param body the hash of the media type and the body
   */
  public void submitOnce(Submission submission, String key, Sha256 body, KeyedWaiter waiter) {
    traffic.run(() -> traffic.intake().submitOnce(submission, key, body, waiter));
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
    return cancelling.cancel(tenant, id, reason);
  }

  /**
   * Cancels invocations that are the caller's own, a batch for each shard. Whoever waits for them
   * hears of their ends.
   */
  public void cancel(List<InvocationId> ids, String reason) {
    cancelling.cancelOwn(ids, reason);
  }

  /**
   * The invocation as it stands: from its shard, else from the ledger. An asynchronous one has
   * ended when the ledger says so.
   */
  public Future<Optional<InvocationRecord>> find(TenantId tenant, InvocationId id) {
    return inquiries.find(tenant, id);
  }

  /** The invocation when it is terminal, or as it stands when the time is over. */
  public Future<Optional<InvocationRecord>> await(
      TenantId tenant, InvocationId id, Duration longest) {
    return inquiries.await(tenant, id, longest);
  }

  /**
   * The tenant's invocations that pass the filter, newest first: what waits and runs, of each shard
   * the newest {@value Listing#MOST_OF_A_SHARD}, and what ended.
   */
  public Future<List<InvocationRecord>> list(TenantId tenant, InvocationFilter filter) {
    return inquiries.list(tenant, filter);
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

  /** The workers whose sessions are on this gateway. */
  public List<WorkerView> workers() {
    return workforce.here();
  }

  /** The workers of all gateways of the cluster, others' as they told a moment ago. */
  public List<WorkerView> workersEverywhere() {
    return workforce.everywhere();
  }

  /** The other node whose gateway has this worker's session, as it told a moment ago. */
  public Optional<NodeId> gatewayOf(WorkerId worker) {
    return traffic.peers().whose(worker);
  }

  /** Why no connected worker could run work with these demands; empty when one could. */
  public Optional<String> whyNot(Requirements requirements) {
    return workforce.whyNot(requirements);
  }

  /** Why this worker could not run work with these demands; empty when it could. */
  public static Optional<String> whyNot(Requirements requirements, WorkerProfile worker) {
    return Suitability.whyNotOn(requirements, worker);
  }

  /**
   * What a declared state stands for that a worker of this gateway showed lately, by the things'
   * names; empty where it is not known.
   */
  public SortedMap<String, String> knownState(String id) {
    return traffic.states().find(id);
  }

  /**
   * In which declared state an invocation ran: the state it began in, and behind a comma the one it
   * ended in, where that is another. Of the latest at this gateway, as far as it ran in any.
   */
  public Optional<String> ranIn(InvocationId id) {
    return traffic.ranIn().find(id);
  }

  /** How many of these invocations this gateway's workers hold. Only on the context. */
  public int running(Iterable<InvocationId> ids) {
    return workforce.running(ids);
  }

  /** The slots of the connected workers that could run work with these demands. */
  public int slots(Requirements requirements) {
    return workforce.slots(requirements);
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
    return Future.all(Arrays.stream(traffic.lanes()).map(Dispatcher::count).toList())
        .map(all -> Tally.sum(all.list()));
  }

  private static Future<ShardCounts> count(Lane lane) {
    return lane.ask(new Transition.Count()).map(reply -> ((Reply.Counted) reply).counts());
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
}
