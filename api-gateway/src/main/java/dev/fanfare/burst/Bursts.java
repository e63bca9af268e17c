package dev.fanfare.burst;

import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.journal.BurstHead;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.timeline.Timeline;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bursts of one gateway: those that go on, and the latest that ended, with as many of their
 * results as there is room for. Thread-safe; nothing blocks.
 */
public final class Bursts {
  /** How many bursts that ended are remembered. */
  public static final int MOST_ENDED = 200;

  /** How long one that ended is remembered. */
  public static final Duration LONGEST_ENDED = Duration.ofHours(6);

  /** Most that go on at a time; {@link #full} tells. */
  public static final int MOST_GOING = 500;

  /** When more than so many go on, they share the memory for so many. */
  private static final double WHOLE_SHARES = 8;

  /** Most bytes of results that are kept of those that ended. */
  static final long MOST_KEPT_BYTES = 48L << 20;

  private final Dispatcher dispatcher;
  private final SchedulerNode node;
  private final Platform platform;
  private final Map<String, Burst> going = new LinkedHashMap<>();
  private final Map<String, Burst> ended = new LinkedHashMap<>();
  private final Map<String, Burst> resumable = new ConcurrentHashMap<>();
  private final AtomicBoolean takingOver = new AtomicBoolean();
  private volatile boolean closing;
  private long keptBytes;
  private volatile int goingCount;

  /** The bursts of the gateway that this dispatcher belongs to. */
  public Bursts(Dispatcher dispatcher, SchedulerNode node, Executor disk, InstantSource clock) {
    this.dispatcher = dispatcher;
    this.node = node;
    this.platform =
        new Platform(
            dispatcher, node.blobs(), disk, clock, this::share, this::whenEnded, this::whenLost);
  }

  // ---- beginning ----

  /** An id for a burst that is to begin. */
  public String newId() {
    return dispatcher.newId().toString();
  }

  /**
   * Takes NDJSON from a request and answers it with NDJSON; call it on the connection's context, in
   * the request's own tick. The head's headers should be there already.
   */
  public void stream(
      String id, Work work, BurstOptions options, HttpServerRequest request, Context context) {
    var stream = new BatchStream(request, context, dispatcher);
    stream.start(begin(id, work, options, stream));
  }

  /**
   * Takes items from a WebSocket and sends results over it; call it on the connection's context.
   *
   * @param wantsResults whether results are sent, or only that items ended
   */
  public void connect(
      Work work,
      BurstOptions options,
      ServerWebSocket socket,
      Context context,
      boolean wantsResults) {
    var peer = new BurstSocket(socket, context, dispatcher, options.contentType(), wantsResults);
    peer.start(begin(newId(), work, options, peer));
  }

  /**
   * The client of a burst that goes on by itself is back, with the items that were not kept; call
   * it on the connection's context.
   */
  public void resume(String id, ServerWebSocket socket, Context context) {
    Burst burst = resumable.get(id);
    if (burst == null) {
      socket.close();
    } else {
      new BurstSocket(socket, context, dispatcher, "", false).startAgain(burst);
    }
  }

  private Burst begin(String id, Work work, BurstOptions options, Peer peer) {
    var burst = new Burst(id, work, options, platform, peer, durable(id, work, options));
    add(burst);
    return burst;
  }

  private @Nullable Durable durable(String id, Work work, BurstOptions options) {
    if (!options.detached()) {
      return null;
    }
    Target target = work.target();
    Instant now = platform.clock().instant();
    var head =
        new BurstHead(
            id,
            target.tenant(),
            target.function(),
            target.revision(),
            work.settings(),
            Optional.empty(),
            1,
            Optional.of(node.id()),
            List.of(),
            false,
            List.of(),
            BurstHead.Counts.NONE,
            Optional.empty(),
            now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000,
            0);
    return new Durable(node.bursts(), head, new BitSet());
  }

  /** Takes over, from now on, bursts whose nodes are gone. Once; further calls do nothing. */
  public void takeOver(Revival revival) {
    if (takingOver.compareAndSet(false, true)) {
      var adoption = new Adoption(node, this, revival);
      dispatcher
          .context()
          .owner()
          .setPeriodic(
              1,
              Adoption.LOOK_MILLIS,
              look -> {
                if (closing) {
                  dispatcher.context().owner().cancelTimer(look);
                } else {
                  platform.disk().execute(adoption::look);
                }
              });
    }
  }

  /** A burst that ran at a node which is gone goes on here. */
  void adopt(Burst burst) {
    add(burst);
    dispatcher.run(burst::begin);
  }

  private void add(Burst burst) {
    dispatcher.run(
        () -> {
          going.put(burst.id(), burst);
          goingCount = going.size();
        });
    if (burst.durable()) {
      resumable.put(burst.id(), burst);
    }
  }

  /** Whether this node runs it, a burst that goes on by itself. */
  public boolean runs(String id) {
    return resumable.containsKey(id);
  }

  Platform platform() {
    return platform;
  }

  /** Whether no further burst should begin. */
  public boolean full() {
    return goingCount >= MOST_GOING;
  }

  private double share() {
    return Math.min(1, WHOLE_SHARES / Math.max(1, goingCount));
  }

  // ---- asking ----

  /** How far a burst is; empty if there is none of the tenant's. */
  public Future<Optional<Progress>> progress(TenantId tenant, String id) {
    return ask(() -> find(tenant, id).map(Progress::of));
  }

  /** The tenant's bursts, the newest first. */
  public Future<List<Progress>> list(TenantId tenant) {
    return ask(
        () -> {
          var all = new ArrayList<Progress>();
          for (Map<String, Burst> bursts : List.of(ended, going)) {
            for (Burst burst : bursts.values()) {
              if (burst.work().target().tenant().equals(tenant)) {
                all.add(Progress.of(burst));
              }
            }
          }
          all.sort((a, b) -> Long.compare(b.beganAt(), a.beganAt()));
          return all;
        });
  }

  /** Ends what has not ended; a burst that has ended is left as it is. */
  public Future<Optional<Progress>> cancel(TenantId tenant, String id, String reason) {
    return ask(
        () -> {
          Optional<Burst> burst = find(tenant, id);
          burst.ifPresent(found -> found.cancel(reason));
          return burst.map(Progress::of);
        });
  }

  /** When what happened. */
  public Future<Optional<Timeline>> timeline(TenantId tenant, String id) {
    return ask(() -> find(tenant, id).map(Bursts::timeline));
  }

  /**
   * A page of the results that are kept, in the order in which they came.
   *
   * @param place of the first one wanted, from 0
   */
  public Future<Optional<Page>> results(TenantId tenant, String id, long place, int most) {
    return ask(() -> find(tenant, id).map(burst -> page(burst, place, most)));
  }

  /**
   * Some results of a burst.
   *
   * @param lines as NDJSON
   * @param next the place after the last of them
   * @param skipped how many between the place asked for and the first of them are not kept
   * @param last whether no more will come
   */
  public record Page(Buffer lines, long next, long skipped, boolean last) {}

  /** The gateway stops: what is left is cancelled, or goes on elsewhere. */
  public Future<Void> shutDown() {
    closing = true;
    return ask(() -> List.copyOf(going.values()).stream().map(Burst::shutDown).toList())
        .compose(Future::join)
        .mapEmpty();
  }

  private static Page page(Burst burst, long place, int most) {
    List<Ended> found = burst.kept().from(place, most);
    long first = Math.max(place, burst.kept().dropped());
    Buffer lines = Buffer.buffer();
    found.forEach(ended -> ResultLines.append(lines, ended));
    long next = first + found.size();
    return new Page(lines, next, first - place, burst.over() && found.size() < most);
  }

  private static Timeline timeline(Burst burst) {
    Figures figures = burst.figures();
    return new Timeline(
        "burst " + burst.id() + " of " + burst.work().target().function(),
        figures.beganAt,
        burst.over() ? figures.endedAt : burst.now(),
        figures.ended(),
        figures.invocations,
        figures.spans(),
        figures.run.copy(),
        figures.total.copy());
  }

  private Optional<Burst> find(TenantId tenant, String id) {
    @Nullable Burst burst = going.get(id);
    if (burst == null) {
      burst = ended.get(id);
    }
    return Optional.ofNullable(burst)
        .filter(found -> found.work().target().tenant().equals(tenant));
  }

  private <T> Future<T> ask(Supplier<T> question) {
    Promise<T> answer = Promise.promise();
    dispatcher.run(
        () -> {
          try {
            answer.complete(question.get());
          } catch (RuntimeException e) {
            answer.fail(e);
          }
        });
    return answer.future();
  }

  // ---- remembering ----

  private void whenLost(Burst burst) {
    going.remove(burst.id());
    resumable.remove(burst.id());
    goingCount = going.size();
  }

  private void whenEnded(Burst burst) {
    resumable.remove(burst.id());
    going.remove(burst.id());
    goingCount = going.size();
    ended.put(burst.id(), burst);
    keptBytes += burst.kept().bytes();
    long before = burst.now() - LONGEST_ENDED.toNanos() / 1_000;
    Iterator<Burst> oldest = ended.values().iterator();
    while (oldest.hasNext()) {
      Burst old = oldest.next();
      boolean forget = ended.size() > MOST_ENDED || old.figures().endedAt < before;
      if (forget || keptBytes > MOST_KEPT_BYTES) {
        keptBytes -= old.kept().bytes();
        old.kept().clear();
      }
      if (forget) {
        oldest.remove();
      } else if (keptBytes <= MOST_KEPT_BYTES) {
        return;
      }
    }
  }
}
