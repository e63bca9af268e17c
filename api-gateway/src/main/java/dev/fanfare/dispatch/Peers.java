package dev.fanfare.dispatch;

import dev.fanfare.cluster.Mail;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.shard.ShardReply.Revocation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateways of the cluster's other nodes. An end that is another's goes there and is that
 * gateway's to record once it has it; all else are hints. Only on the dispatcher's context, but for
 * {@link #workers}.
 */
final class Peers {
  /** The most ended invocations in one letter; what ends meanwhile goes with the next. */
  static final int MOST_ENDED = 500;

  /** The most that wait for the letter under way; further ones are recorded here. */
  static final int MOST_WAITING = 20_000;

  /** How often the same shards may be cried out. */
  static final long READY_MILLIS = 20;

  /** How long another gateway's workers count after it last told of them. */
  static final long ROSTER_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final Logger log = LoggerFactory.getLogger(Peers.class);

  private final Traffic traffic;
  private final Mail mail;
  private final Map<NodeId, Outbox> outboxes = new HashMap<>();
  private final Map<Integer, List<Requirements>> ready = new HashMap<>();
  private boolean readyTold;
  private volatile Map<NodeId, Told> rosters = Map.of();

  /** What a gateway told of its workers, and when. */
  private record Told(List<WorkerView> workers, long at) {}

  /** What goes to one gateway, one letter of ends under way at a time. */
  private static final class Outbox {
    final ArrayDeque<InvocationRecord> ended = new ArrayDeque<>();
    final List<Revocation> revoked = new ArrayList<>();
    boolean underWay;
  }

  Peers(Traffic traffic, Mail mail) {
    this.traffic = traffic;
    this.mail = mail;
  }

  /** Takes in what comes from now on. */
  void open() {
    mail.receive((from, letter) -> traffic.post(() -> received(from, letter)));
  }

  /** Whether the node is a member of the cluster now. */
  boolean reach(NodeId node) {
    return mail.others().contains(node);
  }

  /** Its caller, if it has one, waits at its origin. */
  void ended(InvocationRecord invocation) {
    Outbox outbox = outbox(invocation.origin());
    if (outbox.ended.size() >= MOST_WAITING) {
      traffic.effects().endedHere(invocation);
    } else {
      outbox.ended.add(invocation);
      traffic.endTickSoon();
    }
  }

  void revoked(Revocation revocation) {
    outbox(revocation.gateway()).revoked.add(revocation);
    traffic.endTickSoon();
  }

  /** Work of these classes waits at a shard. */
  void ready(int shard, List<Requirements> classes) {
    if (!mail.others().isEmpty()) {
      ready.put(shard, classes);
      traffic.endTickSoon();
    }
  }

  /** Sends what the tick brought. */
  void flush() {
    if (!outboxes.isEmpty()) {
      outboxes.forEach(this::flush);
    }
    if (!ready.isEmpty() && !readyTold) {
      tellReady();
    }
  }

  /** Tells the others which workers are here. */
  void tell(List<WorkerView> workers) {
    if (!mail.others().isEmpty()) {
      mail.sendAll(new Letter.Roster(workers).bytes());
    }
  }

  /** The workers of the other gateways, as they last told. From any thread. */
  List<WorkerView> workers() {
    long now = System.nanoTime();
    return rosters.values().stream()
        .filter(told -> now - told.at() < ROSTER_NANOS)
        .flatMap(told -> told.workers().stream())
        .toList();
  }

  /** Which other gateway told of this worker last. From any thread. */
  Optional<NodeId> whose(WorkerId worker) {
    long now = System.nanoTime();
    return rosters.entrySet().stream()
        .filter(told -> now - told.getValue().at() < ROSTER_NANOS)
        .filter(told -> told.getValue().workers().stream().anyMatch(w -> w.is(worker)))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether nothing is under way to another gateway that must not get lost. */
  boolean idle() {
    return outboxes.values().stream().noneMatch(o -> o.underWay || !o.ended.isEmpty());
  }

  private Outbox outbox(NodeId node) {
    return outboxes.computeIfAbsent(node, n -> new Outbox());
  }

  private void flush(NodeId node, Outbox outbox) {
    if (!outbox.revoked.isEmpty()) {
      mail.send(node, new Letter.Revoked(List.copyOf(outbox.revoked)).bytes());
      outbox.revoked.clear();
    }
    if (outbox.underWay || outbox.ended.isEmpty()) {
      return;
    }
    var part = new ArrayList<InvocationRecord>();
    while (!outbox.ended.isEmpty() && part.size() < MOST_ENDED) {
      part.add(outbox.ended.removeFirst());
    }
    outbox.underWay = true;
    mail.send(node, new Letter.Ended(part).bytes())
        .whenComplete(
            (nothing, failure) -> traffic.post(() -> delivered(node, outbox, part, failure)));
  }

  private void delivered(
      NodeId node, Outbox outbox, List<InvocationRecord> part, @Nullable Throwable failure) {
    outbox.underWay = false;
    if (failure != null) {
      log.warn("gateway {} did not take {} ended invocations", node, part.size(), failure);
      part.forEach(invocation -> undelivered(node, outbox, invocation));
    }
    if (!reach(node)) {
      outbox.ended.forEach(traffic.effects()::endedHere);
      outboxes.remove(node);
    }
  }

  /** What its origin alone may record is tried again for as long as the origin is there. */
  private void undelivered(NodeId node, Outbox outbox, InvocationRecord invocation) {
    if (reach(node) && traffic.effects().isItsOriginsAlone(invocation)) {
      outbox.ended.addLast(invocation);
    } else {
      traffic.effects().endedHere(invocation);
    }
  }

  private void tellReady() {
    List<Letter.Waiting> shards = new ArrayList<>(ready.size());
    ready.forEach((shard, classes) -> shards.add(new Letter.Waiting(shard, classes)));
    ready.clear();
    mail.sendAll(new Letter.Ready(shards).bytes());
    readyTold = true;
    traffic.later(READY_MILLIS, () -> readyTold = false);
  }

  private void received(NodeId from, byte[] bytes) {
    switch (Letter.read(bytes)) {
      case Letter.Ended ended -> ended.invocations().forEach(traffic.effects()::endedHere);
      case Letter.Revoked revoked -> traffic.effects().revoked(revoked.revocations());
      case Letter.Ready told -> told.shards().forEach(this::offer);
      case Letter.Said said ->
          said.parts().forEach(part -> traffic.conversations().received(from, part));
      case Letter.Roster roster -> keep(from, roster.workers());
    }
  }

  private void offer(Letter.Waiting told) {
    if (told.shard() < traffic.lanes().length) {
      traffic.batches().hungry(traffic.lane(told.shard()), told.classes());
    }
  }

  private void keep(NodeId from, List<WorkerView> workers) {
    var updated = new HashMap<>(rosters);
    updated.keySet().retainAll(mail.others());
    updated.put(from, new Told(workers, System.nanoTime()));
    rosters = Map.copyOf(updated);
  }
}
