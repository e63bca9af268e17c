package dev.fanfare.shard;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.shard.RecoverySimulation.Flaw;
import dev.fanfare.shard.Reply.Admission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A shard and what is around it: all but the ledger is gone when it crashes. */
final class SimulatedNode {
  static final ShardLimits LIMITS =
      new ShardLimits(
          10_000, 1 << 20, 3, Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(1));

  static final long LEASE = 10 * Desk.SECOND;
  private static final long BEAT = 3 * Desk.SECOND;
  private static final int PAGE = 7;

  private final RecoverySimulation world;
  private final Map<SessionId, SimulatedWorker> sessions = new LinkedHashMap<>();
  private final Map<InvocationId, Mark> unmarked = new HashMap<>();
  private final List<InvocationRecord> recording = new ArrayList<>();
  private Shard shard = new Shard(7, LIMITS);
  private int life;
  private boolean up;
  private long clockOffset;
  private long lastCommit;
  private long nextTick = Long.MAX_VALUE;
  private boolean offering;

  SimulatedNode(RecoverySimulation world) {
    this.world = world;
  }

  boolean isUp() {
    return up;
  }

  void start() {
    up = true;
    life++;
    shard = new Shard(7, LIMITS);
    lastCommit = 0;
    nextTick = Long.MAX_VALUE;
    offering = false;
    world.ledger.begin();
    List<Submission> left = new ArrayList<>(world.ledger.unended(this::recovered));
    if (world.flaw == Flaw.LEAVES_ONE_BEHIND && !left.isEmpty()) {
      left.removeFirst();
    }
    putBack(left);
    later(BEAT, this::beat);
  }

  private Resumption recovered(Submission work, java.util.Optional<Mark> mark, long epoch) {
    return switch (world.flaw) {
      case FENCES_BEGIN_AGAIN -> SimulatedLedger.Recovery.asItIs(work, mark, 0);
      case FORGETS_ATTEMPTS ->
          SimulatedLedger.Recovery.asItIs(work, java.util.Optional.empty(), epoch);
      default -> SimulatedLedger.Recovery.asItIs(work, mark, epoch);
    };
  }

  /** Page by page, while other things happen. */
  private void putBack(List<Submission> left) {
    if (!left.isEmpty()) {
      int most = Math.min(PAGE, left.size());
      apply(List.of(new Transition.Submit(left.subList(0, most))), List.of());
      later(world.upTo(50_000), () -> putBack(left.subList(most, left.size())));
    }
  }

  void crash() {
    up = false;
    life++;
    sessions.clear();
    unmarked.clear();
    recording.clear();
  }

  void clockJumps(long micros) {
    clockOffset += micros;
    nextTick = Long.MAX_VALUE;
    if (up) {
      apply(List.of(new Transition.Tick()), List.of());
    }
  }

  // ---- clients ----

  void submit(Submission work, Runnable accepted) {
    if (world.ledger.knows(work.id())) {
      message(accepted);
      return;
    }
    var reply = apply(List.of(new Transition.Submit(List.of(work))), List.of());
    boolean fresh =
        ((Reply.Admissions) reply.replies().getFirst()).admissions().getFirst()
            == Admission.ACCEPTED;
    if (fresh) {
      if (world.flaw == Flaw.ANSWERS_BEFORE_COMMIT) {
        message(accepted);
      }
      commit(() -> world.ledger.accept(work), () -> message(accepted));
    }
  }

  void cancel(InvocationId id) {
    if (up) {
      apply(List.of(new Transition.Cancel(List.of(id), "not needed")), List.of());
    }
  }

  /** It reaches the client some time later, or never if the node is killed before. */
  private void message(Runnable told) {
    later(world.upTo(20_000), told);
  }

  // ---- workers ----

  /** The leases that are the session's own again. */
  List<Held> attach(SessionId session, SimulatedWorker worker, List<Held> held) {
    List.copyOf(sessions.keySet()).stream()
        .filter(former -> sessions.get(former) == worker)
        .forEach(this::detach);
    sessions.put(session, worker);
    var reply =
        apply(List.of(attaching(session, worker), new Transition.Adopt(session, held)), List.of());
    offerSoon();
    return ((Reply.Adopted) reply.replies().get(1)).held();
  }

  private static Transition attaching(SessionId session, SimulatedWorker worker) {
    return new Transition.Attach(session, Desk.worker(worker.name(), Map.of()), Desk.NODE, LEASE);
  }

  void detach(SessionId session) {
    if (sessions.remove(session) != null) {
      apply(List.of(new Transition.Detach(session)), List.of());
    }
  }

  void settle(SessionId session, Settlement settlement) {
    apply(List.of(new Transition.Settle(session, List.of(settlement))), List.of());
    offerSoon();
  }

  private void beat() {
    List<SessionId> alive =
        sessions.entrySet().stream()
            .filter(session -> session.getValue().wasHeardLately())
            .map(Map.Entry::getKey)
            .toList();
    List.copyOf(sessions.keySet()).stream()
        .filter(session -> !alive.contains(session))
        .forEach(this::detach);
    apply(List.of(new Transition.Renew(alive)), List.of());
    offerSoon();
    later(BEAT, this::beat);
  }

  private void offerSoon() {
    if (!offering) {
      offering = true;
      later(
          1_000,
          () -> {
            offering = false;
            List<Offer> offers =
                sessions.entrySet().stream()
                    .map(one -> new Offer(one.getKey(), one.getValue().free(), List.of()))
                    .filter(Offer::any)
                    .toList();
            if (!offers.isEmpty()) {
              apply(List.of(), offers);
            }
          });
    }
  }

  // ---- the shard and the ledger ----

  private long clock() {
    return world.events.now() + clockOffset;
  }

  private ShardReply apply(List<Transition> transitions, List<Offer> offers) {
    world.clockShows(clock());
    ShardReply reply = shard.apply(new ShardBatch(transitions, offers), clock());
    for (Grant grant : reply.grants()) {
      world.granted(grant);
      sessions.get(grant.session()).send(grant);
    }
    reply.revocations().forEach(this::revoke);
    reply.marks().forEach(this::mark);
    reply.ended().forEach(this::record);
    if (!reply.waiting().isEmpty() && reply.unattached().isEmpty()) {
      offerSoon();
    }
    attachAgain(reply.unattached());
    tickAt(reply.nextDue());
    return reply;
  }

  /** The shard lost them, as when its clock jumped: what they held is not theirs any more. */
  private void attachAgain(List<SessionId> strangers) {
    for (SessionId stranger : strangers) {
      SimulatedWorker worker = sessions.get(stranger);
      if (worker != null) {
        apply(List.of(attaching(stranger, worker)), List.of());
        offerSoon();
      }
    }
  }

  /** One timer, as on a shard's owner. */
  private void tickAt(long due) {
    long at = due == Long.MAX_VALUE ? due : due - clockOffset;
    if (at < nextTick) {
      nextTick = at;
      later(
          at - world.events.now(),
          () -> {
            if (nextTick == at) {
              nextTick = Long.MAX_VALUE;
              apply(List.of(new Transition.Tick()), List.of());
            }
          });
    }
  }

  private void revoke(ShardReply.Revocation revocation) {
    SimulatedWorker worker = sessions.get(revocation.session());
    if (worker != null) {
      worker.revoke(revocation.lease());
    }
  }

  /** Written down after a while, unless it has ended by then. */
  private void mark(Mark mark) {
    if (unmarked.put(mark.id(), mark) == null) {
      later(
          20_000 + world.upTo(20_000),
          () -> {
            Mark latest = unmarked.remove(mark.id());
            if (latest != null) {
              commit(() -> world.ledger.mark(latest), () -> {});
            }
          });
    }
  }

  private void record(InvocationRecord end) {
    unmarked.remove(end.id());
    if (world.flaw == Flaw.TELLS_BEFORE_COMMIT) {
      message(() -> world.told(end));
    }
    commit(
        () -> {
          world.ended(end);
          world.ledger.end(end);
        },
        () -> {
          message(() -> world.told(end));
          apply(List.of(new Transition.Forget(List.of(end.id()))), List.of());
        });
  }

  /** In order; a crash comes before it is on disk, or between that and anybody's being told. */
  private void commit(Runnable onDisk, Runnable done) {
    long at = Math.max(lastCommit, world.events.now() + 1 + syncTime());
    lastCommit = at;
    later(
        at - world.events.now(),
        () -> {
          onDisk.run();
          later(world.upTo(2_000), done);
        });
  }

  private long syncTime() {
    return world.chance(5) ? world.upTo(500_000) : world.upTo(10_000);
  }

  /** Unless the node is killed before. */
  private void later(long micros, Runnable work) {
    int now = life;
    world.events.after(
        micros,
        () -> {
          if (life == now) {
            work.run();
          }
        });
  }
}
