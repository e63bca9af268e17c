package dev.fanfare.shard;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Usage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A worker and its link to the node: what is on its way when the link goes is lost. */
final class SimulatedWorker {
  private static final int ROOM = 4;
  private static final FailureCode[] FAILURES = {
    FailureCode.USER_FAULT, FailureCode.CRASHED, FailureCode.OUT_OF_MEMORY, FailureCode.REJECTED
  };

  private final RecoverySimulation world;
  private final int number;
  private final Map<InvocationId, Run> runs = new LinkedHashMap<>();
  private SessionId session = Desk.session(0);
  private int links;
  private boolean linked;
  private int lives;
  private long standsUntil;
  private long heardAt;
  private int promised;

  /** An attempt; its outcome, once there is one, is kept until the node has it. */
  private static final class Run {
    final Held lease;
    Outcome outcome;

    Run(Held lease) {
      this.lease = lease;
    }
  }

  SimulatedWorker(RecoverySimulation world, int number) {
    this.world = world;
    this.number = number;
  }

  void start() {
    connectLater();
  }

  String name() {
    return "worker-" + number;
  }

  /** As the node sees it, which may not know that the link is gone. */
  int free() {
    return Math.max(0, ROOM - promised - runs.size());
  }

  boolean wasHeardLately() {
    if (linked && !stands()) {
      heardAt = world.events.now();
    }
    return world.events.now() - heardAt < SimulatedNode.LEASE;
  }

  // ---- trouble ----

  /** All that it runs is gone with it. */
  void crash() {
    lives++;
    runs.clear();
    standsUntil = 0;
    loseLink();
  }

  /** It does nothing for so long, and goes on as if nothing had been. */
  void stand(long micros) {
    standsUntil = world.events.now() + micros;
  }

  /** The node notices at once, or only when it has heard nothing for too long. */
  void loseLink() {
    SessionId lost = session;
    boolean noticed = linked && world.chance(50);
    linkIsGone();
    if (noticed) {
      world.events.after(world.upTo(20_000), () -> whileUp(() -> world.node.detach(lost)));
    }
  }

  /** The worker itself always notices. */
  void linkIsGone() {
    linked = false;
    links++;
    connectLater();
  }

  private boolean stands() {
    return world.events.now() < standsUntil;
  }

  // ---- the link ----

  private void connectLater() {
    int link = links;
    world.events.after(
        50_000 + world.upTo(500_000),
        () -> {
          if (link == links && !linked) {
            if (world.node.isUp() && !stands()) {
              connect();
            } else {
              connectLater();
            }
          }
        });
  }

  /** What it still runs, or has the outcome of, may be its own again. */
  private void connect() {
    linked = true;
    links++;
    promised = 0;
    heardAt = world.events.now();
    session = Desk.session(1 + number + RecoverySimulation.WORKERS * links);
    List<Held> held = runs.values().stream().map(run -> run.lease).toList();
    List<Held> own = world.node.attach(session, this, held);
    held.stream().filter(lease -> !own.contains(lease)).forEach(this::drop);
    new ArrayList<>(runs.values())
        .stream().filter(run -> run.outcome != null).forEach(this::settle);
  }

  /** A lease is on its way. */
  void send(Grant grant) {
    promised++;
    overLink(
        () -> {
          promised--;
          run(grant);
        });
  }

  void revoke(Held lease) {
    overLink(() -> drop(lease));
  }

  private void drop(Held lease) {
    Run run = runs.get(lease.id());
    if (run != null && run.lease.equals(lease)) {
      runs.remove(lease.id());
    }
  }

  /** If neither end has lost the link by then; a worker that stands takes it when it goes on. */
  private void overLink(Runnable arrival) {
    if (!linked) {
      return;
    }
    int link = links;
    world.events.after(
        1 + world.upTo(20_000),
        () -> {
          if (link == links) {
            if (stands()) {
              world.events.after(
                  standsUntil - world.events.now() + 1,
                  () -> {
                    if (link == links) {
                      arrival.run();
                    }
                  });
            } else {
              arrival.run();
            }
          }
        });
  }

  // ---- work ----

  private void run(Grant grant) {
    var lease = Desk.held(grant.lease());
    Run run = new Run(lease);
    runs.put(lease.id(), run);
    world.executes(lease.id(), lease.fence(), 2);
    int life = lives;
    long takes = world.chance(10) ? world.upTo(40 * Desk.SECOND) : world.upTo(200_000);
    Outcome outcome =
        world.chance(70)
            ? new Outcome.Success(Payload.EMPTY)
            : Outcome.Failure.of(FAILURES[world.random.nextInt(FAILURES.length)], "at random");
    world.events.after(takes, () -> finish(run, outcome, life));
  }

  private void finish(Run run, Outcome outcome, int life) {
    if (stands()) {
      world.events.after(standsUntil - world.events.now() + 1, () -> finish(run, outcome, life));
    } else if (life == lives && runs.get(run.lease.id()) == run) {
      run.outcome = outcome;
      if (linked) {
        settle(run);
      }
    }
  }

  /** Now and then twice; the node's word that it has it may be lost. */
  private void settle(Run run) {
    SessionId by = session;
    var settlement = new Settlement(run.lease.id(), run.lease.fence(), run.outcome, Usage.NONE);
    for (int times = world.chance(10) ? 2 : 1; times > 0; times--) {
      overLink(
          () ->
              whileUp(
                  () -> {
                    world.node.settle(by, settlement);
                    overLink(() -> drop(run.lease));
                  }));
    }
  }

  private void whileUp(Runnable work) {
    if (world.node.isUp()) {
      work.run();
    }
  }
}
