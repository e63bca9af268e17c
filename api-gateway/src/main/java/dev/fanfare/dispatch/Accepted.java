package dev.fanfare.dispatch;

import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.shard.Mark;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Resumption;
import dev.fanfare.shard.Submission;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This gateway's asynchronous invocations, from their acceptance to their end. */
final class Accepted {
  /** How often it is looked whether there is work of nodes that are gone. */
  static final long TAKE_OVER_MILLIS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(Accepted.class);

  private final Traffic traffic;
  private final AcceptedWork ledger;
  private final NodeId node;
  private final Backlog backlog;
  private final Accepting accepting;
  private final Once once;
  private final Marks marks;
  private final LostEnds lostEnds;
  private boolean takingOver;

  Accepted(
      Traffic traffic,
      AcceptedWork ledger,
      NodeId node,
      BacklogLimits limits,
      Elsewhere elsewhere,
      DispatchMeters meters) {
    this.traffic = traffic;
    this.ledger = ledger;
    this.node = node;
    this.lostEnds = new LostEnds(traffic);
    this.backlog = new Backlog(traffic, ledger, node, limits, elsewhere, lostEnds);
    this.accepting = new Accepting(traffic, ledger, backlog, limits, meters);
    this.once = new Once(traffic, ledger.keys(), accepting);
    this.marks = new Marks(traffic, ledger);
    if (ledger.shared()) {
      meters.acceptedOfAll(backlog, Backlog::unended);
    } else {
      meters.accepted(backlog, Backlog::unended, Backlog::waiting);
    }
  }

  /** Looks, from now on, after what nodes leave behind that share the ledger. */
  void start() {
    backlog.start();
    lostEnds.start();
    if (ledger.shared()) {
      ledger.onOusted(() -> traffic.post(this::shardsLost));
      traffic.every(TAKE_OVER_MILLIS, this::takeOver);
    }
  }

  Backlog backlog() {
    return backlog;
  }

  boolean ledgerIsShared() {
    return ledger.shared();
  }

  /** Whether what is written now has a chance to be kept. */
  boolean ledgerIsReachable() {
    return ledger.reachable();
  }

  /**
   * What was given to shards may be there no more. Where every node has its own ledger that is left
   * to the next start, since only then the others are asked what became of it.
   */
  void shardsLost() {
    if (ledger.shared()) {
      log.info("parts of the queue may be gone; accepted work is looked through");
      backlog.lookAgain(true);
    }
  }

  /** Takes over what nodes had accepted that are gone, a part at a time. */
  private void takeOver() {
    if (takingOver || !ledger.reachable()) {
      return;
    }
    takingOver = true;
    ledger
        .takeOver()
        .whenComplete(
            (taken, failure) ->
                traffic.post(
                    () -> {
                      takingOver = false;
                      if (failure == null && taken > 0) {
                        log.info("took {} invocations over from nodes that are gone", taken);
                        backlog.lookAgain(false);
                      }
                    }));
  }

  Accepting accepting() {
    return accepting;
  }

  Once once() {
    return once;
  }

  void tickEnded() {
    accepting.flush();
    backlog.proceed();
  }

  boolean idle() {
    return accepting.idle();
  }

  /** Shards told how far these have come. */
  void marked(List<Mark> news) {
    for (Mark mark : news) {
      if (mark.origin().equals(node)) {
        marks.note(mark);
      }
    }
  }

  /** It ended in its shard. */
  void ended(InvocationId id) {
    marks.ended(id);
    lostEnds.over(id);
  }

  /** The ledger has its end. */
  void recorded(InvocationId id) {
    backlog.recorded(id);
  }

  /** The tenant's, as the ledger has it. Blocks. */
  Optional<InvocationRecord> find(TenantId tenant, InvocationId id) {
    return ledger.find(tenant, id, node).map(this::waiting);
  }

  /** The newest of the tenant's that pass the filter but for their state. Blocks. */
  List<InvocationRecord> newest(TenantId tenant, InvocationFilter filter) {
    boolean over = filter.state().filter(InvocationState::terminal).isPresent();
    return over
        ? List.of()
        : ledger.newest(tenant, filter, node).stream().map(this::waiting).toList();
  }

  /** Puts one that waits in the ledger alone into its shard; succeeds once it is there, or gone. */
  Future<Void> bring(TenantId tenant, InvocationId id) {
    backlog.readingBegins();
    return traffic
        .blocking(() -> ledger.findOwn(tenant, id, node))
        .compose(found -> backlog.open(found.stream().toList()))
        .compose(
            open -> {
              Promise<Void> there = Promise.promise();
              if (open.isEmpty()
                  || !backlog.giveAgain(open.getFirst(), arriving(open.getFirst(), there))) {
                there.complete();
              }
              traffic.endTickSoon();
              return there.future();
            })
        .onComplete(done -> backlog.readingEnds());
  }

  private Waiter arriving(Submission work, Promise<Void> there) {
    Waiter returning = backlog.new Returning(work);
    return new Waiter() {
      @Override
      public void admitted(Admission admission) {
        returning.admitted(admission);
        there.complete();
      }

      @Override
      public void uncertain(String why) {
        returning.uncertain(why);
        there.fail(why);
      }

      @Override
      public void ended(InvocationRecord invocation) {
        returning.ended(invocation);
      }
    };
  }

  private InvocationRecord waiting(Submission work) {
    Resumption known = work.resumed();
    long due = Math.max(work.notBefore(), known.dueAt());
    return new InvocationRecord(
        work.id(),
        work.target().tenant(),
        work.target().function(),
        work.target().revision(),
        due > traffic.nowMicros() ? InvocationState.SCHEDULED : InvocationState.QUEUED,
        work.callId(),
        true,
        work.priority(),
        known.attempts(),
        known.losses(),
        0,
        Optional.empty(),
        work.origin(),
        known.submittedAt(),
        Math.max(due, known.submittedAt()),
        0,
        0,
        Optional.empty(),
        Usage.NONE);
  }
}
