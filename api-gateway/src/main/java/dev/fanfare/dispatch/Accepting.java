package dev.fanfare.dispatch;

import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.ledger.IdempotencyKeys.Claim;
import dev.fanfare.ledger.IdempotencyKeys.Claimed;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes in asynchronous submissions: what one tick brings goes to the ledger as one change, and at
 * the same time to the shards as far as there is room. Only on the dispatcher's context.
 */
final class Accepting {
  private final Traffic traffic;
  private final AcceptedWork ledger;
  private final Backlog backlog;
  private final BacklogLimits limits;
  private final DispatchMeters meters;
  private List<Acceptance> gathered = new ArrayList<>();
  private int underWay;

  Accepting(
      Traffic traffic,
      AcceptedWork ledger,
      Backlog backlog,
      BacklogLimits limits,
      DispatchMeters meters) {
    this.traffic = traffic;
    this.ledger = ledger;
    this.backlog = backlog;
    this.limits = limits;
    this.meters = meters;
  }

  void submit(Submission work, Waiter waiter) {
    submit(work, waiter, null);
  }

  /** The same; the claim is kept with the work or not at all. */
  void submit(Submission work, Waiter waiter, @Nullable Claim claim) {
    if (ledger.count() + gathered.size() + underWay >= limits.accepted()) {
      meters.refused.increment();
      waiter.admitted(Admission.FULL);
      return;
    }
    Lane lane = traffic.laneOf(work.id());
    // Under a key nothing runs before the ledger has it: it could be lost, and its heir run again.
    boolean direct = claim == null && backlog.takesAtOnce(work) && lane.takes(work);
    var acceptance = new Acceptance(work, claim, waiter, direct, this, backlog);
    gathered.add(acceptance);
    if (direct) {
      backlog.sent(work);
      lane.submit(work, acceptance);
    } else {
      backlog.parking(work);
      traffic.endTickSoon();
    }
  }

  /** Hands what the tick brought to the ledger. */
  void flush() {
    if (gathered.isEmpty()) {
      return;
    }
    List<Acceptance> leaving = gathered;
    gathered = new ArrayList<>();
    if (ledger.shared()) {
      apart(leaving).forEach(one -> hand(List.of(one)));
    }
    if (!leaving.isEmpty()) {
      hand(leaving);
    }
  }

  /** Takes out those with a key, each of which may fail by itself. */
  private static List<Acceptance> apart(List<Acceptance> leaving) {
    List<Acceptance> keyed = leaving.stream().filter(one -> one.claim() != null).toList();
    leaving.removeAll(keyed);
    return keyed;
  }

  private void hand(List<Acceptance> leaving) {
    underWay += leaving.size();
    long begun = System.nanoTime();
    ledger
        .accept(leaving.stream().map(Acceptance::work).toList(), claims(leaving))
        .whenComplete((nothing, failure) -> traffic.post(() -> answered(leaving, begun, failure)));
  }

  private static List<Claimed> claims(List<Acceptance> leaving) {
    List<Claimed> claims = List.of();
    for (Acceptance acceptance : leaving) {
      Claim claim = acceptance.claim();
      if (claim != null) {
        claims = claims.isEmpty() ? new ArrayList<>() : claims;
        claims.add(new Claimed(acceptance.work(), claim));
      }
    }
    return claims;
  }

  /** Whether no submission waits for the ledger. */
  boolean idle() {
    return gathered.isEmpty() && underWay == 0;
  }

  /** The shard has what the ledger does not: nobody was promised that it runs. */
  void takeBack(Submission work) {
    traffic
        .laneOf(work.id())
        .add(
            Asking.untilDone(
                new Transition.Cancel(List.of(work.id()), "the ledger did not take it")));
  }

  private void answered(List<Acceptance> arrived, long begun, @Nullable Throwable failure) {
    underWay -= arrived.size();
    if (failure == null) {
      meters.acceptCommit.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
      arrived.forEach(Acceptance::committed);
    } else {
      meters.ledgerFailures.increment();
      arrived.forEach(acceptance -> acceptance.failed(failure));
    }
  }
}
