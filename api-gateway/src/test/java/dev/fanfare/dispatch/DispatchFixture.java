package dev.fanfare.dispatch;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.InProcessLink;
import dev.fanfare.frame.Link;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.ShardCounts;
import dev.fanfare.shard.Submission;
import dev.fanfare.sharing.Neighbours;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A dispatcher on shards in memory that tick every few milliseconds, without sessions' protocol.
 */
public final class DispatchFixture implements AutoCloseable {
  static final NodeId NODE = new NodeId("here");

  final NodeId node;
  public final ObservedShards shards;
  final InMemoryHistory history = new InMemoryHistory();
  final TemporaryLedger ledger;
  final DispatchMeters meters = new DispatchMeters(new SimpleMeterRegistry());
  public final Dispatcher dispatcher;
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final AtomicInteger sessions = new AtomicInteger();
  private final ExecutorService workers = Executors.newSingleThreadExecutor();

  /** A dispatcher alone on shards of its own. */
  public DispatchFixture(int shardCount) {
    this(NODE, new ObservedShards(shardCount), InMemoryMail.alone(NODE));
    shards.tickInto(dispatcher.effects());
  }

  /** One of several dispatchers that share shards. */
  DispatchFixture(NodeId node, ObservedShards shards, InMemoryMail mail) {
    this.node = node;
    this.shards = shards;
    this.ledger = new TemporaryLedger();
    dispatcher =
        new Dispatcher(
            context,
            node,
            shards,
            history,
            ledger.accepted(),
            BacklogLimits.DEFAULT,
            mail,
            Neighbours.none(),
            Clock.systemUTC(),
            meters);
    vertx.setPeriodic(5, tick -> shards.tick());
  }

  /** A dispatcher alone, with everything in this ledger. */
  DispatchFixture(int shardCount, TemporaryLedger ledger, BacklogLimits limits) {
    this(shardCount, ledger, limits, Neighbours.none());
  }

  /** The same, with other nodes to ask. */
  DispatchFixture(
      int shardCount, TemporaryLedger ledger, BacklogLimits limits, Neighbours neighbours) {
    this.node = NODE;
    this.shards = new ObservedShards(shardCount);
    this.ledger = ledger;
    dispatcher =
        new Dispatcher(
            context,
            node,
            shards,
            History.of(ledger.ledger().invocations()),
            ledger.accepted(),
            limits,
            InMemoryMail.alone(NODE),
            neighbours,
            Clock.systemUTC(),
            meters);
    vertx.setPeriodic(5, tick -> shards.tick());
    shards.tickInto(dispatcher.effects());
  }

  Submissions submissions() {
    return Submissions.sync(node);
  }

  /** A synchronous one of a function that runs anywhere. */
  public Submission submission(InvocationId id) {
    return submissions().make(id);
  }

  /** Submits one invocation. */
  RememberingWaiter submit(InvocationId id, Submissions kind) {
    var waiter = new RememberingWaiter();
    dispatcher.submit(kind.make(id), waiter);
    return waiter;
  }

  RememberingWaiter submit() {
    return submit(dispatcher.newId(), submissions());
  }

  /** Submits many in one tick. */
  List<RememberingWaiter> submitAtOnce(int count) {
    List<RememberingWaiter> waiters = new ArrayList<>();
    InvocationId first = dispatcher.newId();
    onContext(
        () -> {
          for (int i = 0; i < count; i++) {
            waiters.add(submit(new InvocationId(first.high(), first.low() + i), submissions()));
          }
          return true;
        });
    return waiters;
  }

  /** Connects a worker, without Hello and Welcome. */
  public ScriptedWorker attach(
      String name, int credits, Function<Lease, Optional<Outcome>> script) {
    return attach(name, Map.of(), credits, script);
  }

  ScriptedWorker attach(
      String name,
      Map<String, String> labels,
      int credits,
      Function<Lease, Optional<Outcome>> script) {
    ScriptedWorker worker = ScriptedWorker.of(name, labels, 0, script);
    var id = new SessionId(String.format(Locale.ROOT, "session%019d", sessions.incrementAndGet()));
    worker.over(
        InProcessLink.connect(
            worker,
            workers,
            link -> new GatewayEnd(dispatcher.open(id, worker.profile(), link)),
            task -> context.runOnContext(nothing -> task.run())));
    if (credits > 0) {
      worker.send(new Frame.Credit(credits, List.of()));
    }
    return worker;
  }

  /** Passes frames on to the dispatcher as they are. */
  private record GatewayEnd(WorkerSession session) implements Link.Listener {
    @Override
    public void received(Frame frame) {
      switch (frame) {
        case Frame.Credit credit -> session.credit(credit);
        case Frame.Outcomes outcomes -> session.outcomes(outcomes);
        case Frame.Returned returned -> session.returned(returned);
        case Frame.Drain drain -> session.drain();
        default -> throw new IllegalArgumentException("not for this test: " + frame);
      }
    }

    @Override
    public void closed(String reason) {
      session.close();
    }
  }

  ShardCounts counts() {
    return get(dispatcher.counts());
  }

  public <T> T onContext(Callable<T> task) {
    Future<T> done =
        Future.future(
            promise ->
                context.runOnContext(
                    nothing -> {
                      try {
                        promise.complete(task.call());
                      } catch (Exception e) {
                        promise.fail(e);
                      }
                    }));
    return get(done);
  }

  <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends at once, as in a crash: nothing is told to anybody, but the ledger stays. */
  void abandon() {
    get(vertx.close());
    workers.close();
  }

  @Override
  public void close() {
    shards.release();
    get(dispatcher.close());
    get(vertx.close());
    workers.close();
    ledger.close();
  }
}
