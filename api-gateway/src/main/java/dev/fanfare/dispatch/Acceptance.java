package dev.fanfare.dispatch;

import dev.fanfare.ledger.Failpoint;
import dev.fanfare.ledger.IdempotencyKeys.Claim;
import dev.fanfare.ledger.LedgerException;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.shard.Mutant;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import org.jspecify.annotations.Nullable;

/**
 * One asynchronous submission on its way to the ledger and, where there is room, to its shard.
 * Whoever submitted it is answered once the ledger has it and its shard has it or lets it wait.
 */
final class Acceptance implements Waiter {
  private final Submission work;
  private final @Nullable Claim claim;
  private final Waiter waiter;
  private final Accepting accepting;
  private final Backlog backlog;
  private final boolean direct;
  private final int losses;
  private Stand stand;
  private boolean committed;
  private boolean mayBeThere;
  private @Nullable Throwable failure;

  private enum Stand {
    ON_ITS_WAY,
    IN_SHARD,
    IN_LEDGER_ALONE
  }

  Acceptance(
      Submission work,
      @Nullable Claim claim,
      Waiter waiter,
      boolean direct,
      Accepting accepting,
      Backlog backlog) {
    this.work = work;
    this.claim = claim;
    this.waiter = waiter;
    this.accepting = accepting;
    this.backlog = backlog;
    this.losses = backlog.losses();
    this.direct = direct;
    this.committed = Mutant.ACKNOWLEDGE_BEFORE_COMMIT.on();
    this.stand = direct ? Stand.ON_ITS_WAY : Stand.IN_LEDGER_ALONE;
  }

  Submission work() {
    return work;
  }

  @Nullable Claim claim() {
    return claim;
  }

  /** The ledger has it. */
  void committed() {
    committed = true;
    proceed();
  }

  /**
   * It is not known to be in the ledger. Where it may be, nothing is taken back: the caller comes
   * again under the same key, and then it is to be what was accepted.
   */
  void failed(Throwable why) {
    failure = why;
    mayBeThere = why instanceof LedgerException known && known.isUncertain();
    switch (stand) {
      case ON_ITS_WAY -> {} // taken back once it is there
      case IN_SHARD -> takeBack();
      case IN_LEDGER_ALONE -> notParked();
    }
    if (why instanceof LedgerException known && known.isFull() && !direct) {
      waiter.admitted(Admission.FULL);
    } else if (why instanceof LedgerException known && known.isKeyTaken()) {
      waiter.anticipated();
    } else {
      String message = "the ledger did not confirm the invocation: " + why.getMessage();
      if (mayBeThere) {
        waiter.uncertain(message);
      } else {
        waiter.failed(message);
      }
    }
  }

  @Override
  public void admitted(Admission admission) {
    switch (admission) {
      case ACCEPTED, DUPLICATE -> inShard();
      case FULL -> notInShard();
    }
  }

  /** Its shard may have it or not; it is submitted there again, which does no harm. */
  @Override
  public void uncertain(String why) {
    notInShard();
  }

  @Override
  public void ended(InvocationRecord invocation) {
    throw new IllegalStateException("nobody waits for " + invocation.id());
  }

  private void inShard() {
    stand = Stand.IN_SHARD;
    if (failure != null) {
      takeBack();
    } else {
      proceed();
    }
  }

  private void takeBack() {
    if (!mayBeThere) {
      accepting.takeBack(work);
    }
  }

  private void notParked() {
    if (mayBeThere) {
      backlog.parked(work);
    } else {
      backlog.notParked(work);
    }
  }

  private void notInShard() {
    backlog.bounced(work);
    if (failure == null) {
      stand = Stand.IN_LEDGER_ALONE;
      backlog.parking(work);
      proceed();
    }
  }

  private void proceed() {
    if (!committed || stand == Stand.ON_ITS_WAY) {
      return;
    }
    if (stand == Stand.IN_LEDGER_ALONE && direct) {
      backlog.parked(work); // its shard may have had it, and it may have ended
    } else if (stand == Stand.IN_LEDGER_ALONE) {
      backlog.accepted(work);
    } else if (losses != backlog.losses()) {
      backlog.parking(work);
      backlog.parked(work); // its shard may not have it any more
    }
    Failpoint.ACCEPT_BEFORE_ANSWER.reach();
    waiter.admitted(Admission.ACCEPTED);
    Failpoint.ACCEPT_AFTER_ANSWER.reach();
  }
}
