package dev.fanfare.worker;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.InProcessLink;
import dev.fanfare.frame.Link;
import dev.fanfare.frame.LogLine;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Sha256;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A gateway of one worker: leases what is submitted as far as the worker has room, keeps its
 * promises about acknowledgement, blobs and resumption, and remembers what it heard.
 */
final class ScriptedGateway implements Dialer, AutoCloseable {
  static final long RESULT_LIMIT = 8 << 20;

  final Map<Sha256, byte[]> blobs = new ConcurrentHashMap<>();
  final List<LogLine> lines = new CopyOnWriteArrayList<>();
  final List<Frame.Hello> hellos = new CopyOnWriteArrayList<>();
  final List<Held> returned = new CopyOnWriteArrayList<>();
  final List<Settlement> lost = new CopyOnWriteArrayList<>();
  final List<Settlement> stale = new CopyOnWriteArrayList<>();
  final List<Frame.Fetch> fetches = new CopyOnWriteArrayList<>();
  final Map<Long, String> conditions = new ConcurrentHashMap<>();
  final AtomicInteger statuses = new AtomicInteger();
  volatile Frame.@Nullable Status status;
  volatile boolean drained;
  volatile boolean unreachable;
  volatile boolean acknowledging = true;

  private final Vertx vertx;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final LeaseQueue queue = new LeaseQueue();
  private final Map<InvocationId, CompletableFuture<Settlement>> waiting =
      new ConcurrentHashMap<>();
  private final Map<Sha256, ByteArrayOutputStream> uploads = new HashMap<>();
  private @Nullable Link link;

  ScriptedGateway(Vertx vertx) {
    this.vertx = vertx;
  }

  // ---- what tests do ----

  CompletableFuture<Settlement> submit(Lease lease) {
    var result = new CompletableFuture<Settlement>();
    waiting.put(lease.id(), result);
    thread.execute(
        () -> {
          queue.add(lease);
          grant();
        });
    return result;
  }

  /** Asks the worker how things stand with it; the answer comes into {@code conditions}. */
  void inspect(long sequence) {
    thread.execute(
        () -> {
          if (link != null) {
            link.send(new Frame.Inspect(sequence));
          }
        });
  }

  /** Leases it as a guest, whatever else waits. */
  CompletableFuture<Settlement> invite(Lease lease) {
    var result = new CompletableFuture<Settlement>();
    waiting.put(lease.id(), result);
    thread.execute(
        () -> {
          queue.leased(lease);
          send(new Frame.Leases(List.of(lease), 0, 1));
        });
    return result;
  }

  void revoke(Lease lease, String reason) {
    thread.execute(
        () -> {
          queue.drop(lease);
          send(new Frame.Revoke(List.of(new Held(lease.id(), lease.fence())), reason));
        });
  }

  void say(Frame frame) {
    thread.execute(() -> send(frame));
  }

  void announce(RevisionId revision) {
    say(new Frame.Announced(revision));
  }

  /** Tells the worker its share in the runtimes of a function. */
  void scale(RevisionId revision, String function, int least, int most) {
    var name = new FunctionName(function);
    thread.execute(
        () ->
            send(
                new Frame.Scaling(
                    List.of(new Frame.Warm(revision, name, least)),
                    List.of(new Frame.Warm(revision, name, most)))));
  }

  boolean isFull(String function) {
    return CompletableFuture.supplyAsync(() -> queue.isFull(function), thread).join();
  }

  void breakLink() {
    thread.execute(
        () -> {
          if (link != null) {
            link.close();
          }
        });
  }

  int free() {
    return ask(queue::free);
  }

  int warm(String function) {
    return ask(() -> queue.warm(function));
  }

  int guests() {
    return ask(queue::guests);
  }

  int leased() {
    return ask(queue::leased);
  }

  private int ask(Supplier<Integer> question) {
    return CompletableFuture.supplyAsync(question, thread).join();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  // ---- what the worker does ----

  @Override
  public Future<Link> dial(Link.Listener listener) {
    if (unreachable) {
      return Future.failedFuture("no gateway here");
    }
    Context context = vertx.getOrCreateContext();
    return Future.succeededFuture(
        InProcessLink.connect(
            listener, task -> context.runOnContext(next -> task.run()), End::new, thread));
  }

  private final class End implements Link.Listener {
    private final Link own;

    End(Link own) {
      this.own = own;
      link = own;
    }

    @Override
    public void received(Frame frame) {
      ScriptedGateway.this.received(frame);
    }

    @Override
    public void closed(String reason) {
      if (own.equals(link)) {
        link = null;
        queue.forgetCredit();
      }
    }
  }

  private void received(Frame frame) {
    switch (frame) {
      case Frame.Hello hello -> {
        hellos.add(hello);
        var session = new SessionId("abcdefghijklmnopqrstuvwxyz");
        send(new Frame.Welcome(session, "resume-me", Optional.empty(), 200, RESULT_LIMIT));
        queue.requeueAllBut(hello.held());
      }
      case Frame.Credit credit -> {
        queue.credit(credit);
        grant();
      }
      case Frame.Full full -> {
        queue.full(full);
        grant();
      }
      case Frame.Outcomes outcomes -> settled(outcomes);
      case Frame.Returned back -> {
        returned.addAll(back.leases());
        back.leases().forEach(held -> queue.requeue(held.id()));
        grant();
      }
      case Frame.Fetch fetch -> {
        fetches.add(fetch);
        send(chunk(fetch));
      }
      case Frame.Upload upload -> keep(upload);
      case Frame.Logs logs -> lines.addAll(logs.lines());
      case Frame.Status now -> {
        status = now;
        statuses.incrementAndGet();
      }
      case Frame.Condition condition -> conditions.put(condition.sequence(), condition.text());
      case Frame.Drain drain -> drained = true;
      case Frame.Heartbeat heartbeat -> send(heartbeat);
      case Frame.Bye bye -> {}
      default -> throw new AssertionError(frame);
    }
  }

  private void settled(Frame.Outcomes outcomes) {
    boolean acknowledged = acknowledging; // whoever hears of an outcome may change it
    for (Settlement settlement : outcomes.settlements()) {
      if (lost(settlement)) {
        lost.add(settlement);
        queue.requeueAlone(settlement.id());
      } else if (queue.settle(settlement)) {
        waiting.get(settlement.id()).complete(settlement);
      } else {
        stale.add(settlement);
      }
    }
    if (acknowledged) {
      send(new Frame.Acknowledged(outcomes.sequence(), List.of()));
    }
    grant();
  }

  private static boolean lost(Settlement settlement) {
    return settlement.outcome() instanceof Outcome.Failure failure
        && failure.fault().code() == FailureCode.WORKER_LOST;
  }

  private Frame chunk(Frame.Fetch fetch) {
    byte[] bytes = blobs.get(fetch.hash());
    if (bytes == null) {
      return new Frame.Missing(fetch.hash());
    }
    int from = (int) fetch.offset();
    int to = Math.min(bytes.length, from + fetch.length());
    return new Frame.Chunk(fetch.hash(), from, bytes.length, Arrays.copyOfRange(bytes, from, to));
  }

  private void keep(Frame.Upload upload) {
    var bytes = uploads.computeIfAbsent(upload.hash(), hash -> new ByteArrayOutputStream());
    bytes.writeBytes(upload.bytes());
    if (bytes.size() == upload.total()) {
      blobs.put(upload.hash(), bytes.toByteArray());
    }
    send(new Frame.Uploaded(upload.hash(), bytes.size()));
  }

  private void grant() {
    if (link != null) {
      queue.grant().ifPresent(this::send);
    }
  }

  private void send(Frame frame) {
    if (link != null) {
      link.send(frame);
    }
  }
}
