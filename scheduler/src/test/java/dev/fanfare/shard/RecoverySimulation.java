package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A node with its shard, retries and timers, its ledger, workers, and clients, at random by a seed:
 * the node is killed and started again, its clock jumps, what is being written is lost or is on
 * disk and nobody was told, workers die or stand still, links break with all that is on its way,
 * messages take time and come twice. Time is simulated, so a run of minutes takes milliseconds.
 * Whatever clients were told has to stay true, and at last everything that was accepted has to have
 * ended, once, under the highest fence that was granted.
 */
final class RecoverySimulation {
  static final int WORKERS = 3;
  static final int SUBMISSIONS = 40;

  /** How long something goes wrong; then there is peace until all has ended. */
  static final long CHAOS = 60 * Desk.SECOND;

  private static final long PEACE = 24 * 3_600 * Desk.SECOND;
  private static final int MOST_EVENTS = 2_000_000;

  final EventQueue events = new EventQueue();
  final Random random;
  final SimulatedLedger ledger = new SimulatedLedger();
  final Flaw flaw;
  final SimulatedNode node;
  private final SimulatedWorker[] workers = new SimulatedWorker[WORKERS];
  private final Set<InvocationId> accepted = new HashSet<>();
  private final Map<InvocationId, InvocationRecord> told = new LinkedHashMap<>();
  private final Map<InvocationId, Long> granted = new HashMap<>();
  private final Map<InvocationId, Integer> executions = new HashMap<>();
  private final Set<String> executed = new HashSet<>();
  private long digest;
  private int crashes;
  private int submitted;
  private long latestClock;

  /** What is wrong with the node, on purpose. */
  enum Flaw {
    NONE,
    /** A submission is answered before it is on disk. */
    ANSWERS_BEFORE_COMMIT,
    /** An end is told, and forgotten by the shard, before it is on disk. */
    TELLS_BEFORE_COMMIT,
    /** After a restart fences begin where they were written down, not above all that were given. */
    FENCES_BEGIN_AGAIN,
    /** A restart puts one back too few. */
    LEAVES_ONE_BEHIND,
    /** A restart takes every attempt for one that never was. */
    FORGETS_ATTEMPTS
  }

  RecoverySimulation(long seed, Flaw flaw) {
    this.random = new Random(seed);
    this.flaw = flaw;
    this.node = new SimulatedNode(this);
  }

  /** Runs to the end; what happened, in a number: the same seed gives the same one. */
  long run() {
    node.start();
    for (int i = 0; i < WORKERS; i++) {
      workers[i] = new SimulatedWorker(this, i);
      workers[i].start();
    }
    for (int i = 0; i < SUBMISSIONS; i++) {
      events.after(upTo(CHAOS * 3 / 4), () -> submit(work()));
    }
    events.after(upTo(10 * Desk.SECOND), this::trouble);
    int steps = 0;
    while (events.step(Desk.START + PEACE) && !isOver()) {
      assertThat(++steps).as("events until all has ended").isLessThan(MOST_EVENTS);
    }
    check();
    return digest;
  }

  boolean chaos() {
    return events.now() < Desk.START + CHAOS;
  }

  long upTo(long micros) {
    return random.nextLong(micros + 1);
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  // ---- clients ----

  private Submission work() {
    Work work =
        Work.of(++submitted)
            .function("f" + random.nextInt(3))
            .retries(random.nextInt(3))
            .priority(chance(70) ? 0 : random.nextInt(-5, 6))
            .timeout(random.nextLong(Desk.SECOND, 30 * Desk.SECOND))
            .bytes(1);
    if (chance(20)) {
      work.notBefore(Desk.START + upTo(CHAOS));
    }
    if (chance(15)) {
      work.expiresAt(Desk.START + CHAOS / 2 + upTo(CHAOS));
    }
    if (chance(15)) {
      work.deadline(Desk.START + CHAOS / 2 + upTo(CHAOS));
    }
    return work.submission();
  }

  /** Under a key, so that it can be repeated until there is an answer. */
  private void submit(Submission work) {
    int crashesThen = crashes;
    if (node.isUp()) {
      node.submit(work, () -> accepted(work));
    }
    events.after(
        Desk.SECOND + upTo(Desk.SECOND),
        () -> {
          if (!accepted.contains(work.id())) {
            // If a crash took it before it was on disk, then the key is unknown, too.
            boolean gone = crashes > crashesThen && !ledger.knows(work.id());
            submit(gone ? work() : work);
          }
        });
  }

  private void accepted(Submission work) {
    note(work.id(), 1);
    if (accepted.add(work.id()) && chance(15)) {
      events.after(upTo(5 * Desk.SECOND), () -> node.cancel(work.id()));
    }
  }

  // ---- trouble ----

  private void trouble() {
    if (chaos()) {
      SimulatedWorker worker = workers[random.nextInt(WORKERS)];
      switch (random.nextInt(6)) {
        case 0, 1 -> crash();
        case 2 -> worker.crash();
        case 3 -> worker.stand(upTo(25 * Desk.SECOND));
        case 4 -> worker.loseLink();
        default -> node.clockJumps(random.nextLong(-3_600, 3_601) * Desk.SECOND);
      }
      events.after(upTo(5 * Desk.SECOND), this::trouble);
    }
  }

  private void crash() {
    if (node.isUp()) {
      crashes++;
      node.crash();
      for (SimulatedWorker worker : workers) {
        worker.linkIsGone();
      }
      events.after(upTo(3 * Desk.SECOND), node::start);
    }
  }

  // ---- what is seen ----

  /** What was ready once may be leased, though the clock has been put back. */
  void clockShows(long clock) {
    latestClock = Math.max(latestClock, clock);
  }

  void granted(Grant grant) {
    InvocationId id = grant.lease().id();
    long fence = grant.lease().fence();
    note(id, fence);
    assertThat(ledger.ends).as("leased although its end is on disk").doesNotContainKey(id);
    assertThat(fence).as("fence of %s", id).isGreaterThan(granted.getOrDefault(id, 0L));
    granted.put(id, fence);
    Submission work = ledger.accepted.get(id);
    assertThat(work == null || work.notBefore() <= latestClock)
        .as("leased before its time")
        .isTrue();
  }

  void executes(InvocationId id, long fence, int retries) {
    assertThat(executed.add(id + " " + fence)).as("%s runs twice under %s", id, fence).isTrue();
    int most = 1 + retries + SimulatedNode.LIMITS.losses() + crashes * (retries + 1);
    assertThat(executions.merge(id, 1, Integer::sum))
        .as("executions of " + id)
        .isLessThanOrEqualTo(most);
  }

  /** Its end is about to be on disk. */
  void ended(InvocationRecord end) {
    note(end.id(), end.endedAt());
    Mark mark = ledger.marks.get(end.id());
    if (mark != null) {
      assertThat(end.attempts())
          .as("attempts of " + end.id())
          .isGreaterThanOrEqualTo(mark.attempts());
    }
    boolean cancelled = end.state() == InvocationState.CANCELLED;
    long highest = granted.getOrDefault(end.id(), 0L);
    if (highest > 0 && !cancelled) {
      assertThat(end.fence())
          .as("the fence that ended %s", end.id())
          .isGreaterThanOrEqualTo(highest);
    }
  }

  /** A client read this end. */
  void told(InvocationRecord end) {
    note(end.id(), end.fence());
    InvocationRecord before = told.putIfAbsent(end.id(), end);
    assertThat(before == null || before.equals(end)).as("two ends of %s", end.id()).isTrue();
  }

  private void note(InvocationId id, long what) {
    digest = digest * 31 + id.hashCode();
    digest = digest * 31 + what;
    digest = digest * 31 + events.now();
  }

  private boolean isOver() {
    return !chaos() && accepted.size() == SUBMISSIONS && ledger.ends.keySet().containsAll(accepted);
  }

  private void check() {
    assertThat(accepted).as("accepted at last").hasSize(SUBMISSIONS);
    assertThat(ledger.ends.keySet()).as("ended").containsAll(accepted);
    assertThat(ledger.accepted).as("left in the ledger").isEmpty();
    assertThat(ledger.marks).as("marks left in the ledger").isEmpty();
    ledger.ends.values().forEach(this::told);
    told.forEach((id, end) -> assertThat(ledger.ends.get(id)).as("as told").isEqualTo(end));
  }
}
