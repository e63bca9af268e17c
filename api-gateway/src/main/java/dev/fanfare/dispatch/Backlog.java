package dev.fanfare.dispatch;

import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.ledger.WorkPages.Cursor;
import dev.fanfare.ledger.WorkPages.Page;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepted work that has not ended: which of it is in shards, and when the rest, which waits in the
 * ledger alone, is put there. So memory holds a bounded part of a backlog of any length, and what a
 * restart finds in the ledger is no different from what did not fit.
 *
 * <p>Every function's work is a queue of its own, taken up in order, so that one function's backlog
 * does not stand before another's. Only on the dispatcher's context.
 */
final class Backlog {
  /** The most invocations read at once. */
  static final int PAGE = 1_000;

  /** How long nothing is read after that failed, or after a shard had no room. */
  static final long PAUSE_MILLIS = 200;

  /** How long it is waited after the ledger could not be surveyed. */
  static final long SURVEY_PAUSE_MILLIS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(Backlog.class);

  private final Traffic traffic;
  private final AcceptedWork ledger;
  private final NodeId node;
  private final BacklogLimits limits;
  private final Reunion reunion;
  private final LaterWork later;
  private final LostEnds lostEnds;
  private final Map<Queue, StandingQueue> queues = new HashMap<>();
  private final InShards inShards;
  private final ArrayDeque<StandingQueue> round = new ArrayDeque<>();
  private final Set<InvocationId> endedWhileReading = new HashSet<>();
  private int readings;
  private int surveys;
  private int losses;
  private boolean pageUnderWay;
  private boolean paused;
  private volatile boolean surveyed;

  Backlog(
      Traffic traffic,
      AcceptedWork ledger,
      NodeId node,
      BacklogLimits limits,
      Elsewhere elsewhere,
      LostEnds lostEnds) {
    this.traffic = traffic;
    this.ledger = ledger;
    this.node = node;
    this.limits = limits;
    this.inShards = new InShards(limits);
    this.reunion = new Reunion(traffic, elsewhere, ledger);
    this.later = new LaterWork(traffic, this, ledger, node);
    this.lostEnds = lostEnds;
  }

  /** Looks what the ledger holds from before. */
  void start() {
    later.start();
    int survey = ++surveys;
    traffic
        .blocking(ledger::queues)
        .onComplete(
            found -> {
              if (found.succeeded()) {
                found.result().forEach(which -> waits(queue(which)));
                surveyed = true;
                traffic.endTickSoon();
              } else {
                log.warn("the ledger could not be surveyed; it is tried again", found.cause());
                traffic.later(SURVEY_PAUSE_MILLIS, () -> startAgain(survey));
              }
            });
  }

  private void startAgain(int failed) {
    if (failed == surveys) {
      start();
    }
  }

  /**
   * Looks through all that the ledger holds once more: work came to it from other nodes, or shards
   * lost what they were given. What they have they are not given twice.
   */
  void lookAgain(boolean shardsLost) {
    if (shardsLost) {
      losses++;
      inShards.lost();
      lostEnds.clear();
      queues.values().forEach(StandingQueue::lost);
    }
    queues.values().forEach(StandingQueue::lookAgain);
    reunion.lookAgain();
    later.lookAgain();
    start();
  }

  /** Whether it is known what waits in the ledger. From any thread. */
  boolean surveyed() {
    return surveyed;
  }

  /** How many accepted invocations have not ended. From any thread. */
  long unended() {
    return ledger.count();
  }

  /** How many invocations wait in the ledger alone. From any thread. */
  long waiting() {
    return Math.max(0, ledger.count() - inShards.count());
  }

  /**
   * Whether new work goes to its shard at once: it is due, there is room, and none is before it.
   */
  boolean takesAtOnce(Submission work) {
    if (later.isForLater(work)) {
      return false;
    }
    StandingQueue queue = queueOf(work);
    if (queue.standsBefore()) {
      return work.priority() > 0 && queue.restStandsBehind(work) && hasRoomToSpare();
    }
    return inShards.hasRoom(queue);
  }

  /** How often shards lost what they were given. */
  int losses() {
    return losses;
  }

  /** New work goes to its shard. */
  void sent(Submission work) {
    if (inShards.add(work, queueOf(work))) {
      lostEnds.expect(work.id());
    }
  }

  /** Its shard has no room for it. */
  void bounced(Submission work) {
    remove(work.id());
  }

  /** It goes to the ledger, to wait there. */
  void parking(Submission work) {
    if (!later.isForLater(work)) {
      queueOf(work).parking();
    }
  }

  /** The ledger has it: where none is before it, it goes on to its shard. */
  void accepted(Submission work) {
    StandingQueue queue = queueOf(work);
    boolean goesOn = !later.isForLater(work) && !queue.waits() && inShards.hasRoom(queue);
    if (goesOn && traffic.laneOf(work.id()).takes(work)) {
      queue.parkingEnds();
      giveToShard(work, new Returning(work));
    } else {
      parked(work);
    }
  }

  /** It waits in the ledger. */
  void parked(Submission work) {
    if (work.notBefore() != 0) {
      later.parked(work);
    }
    if (later.isForLater(work)) {
      return;
    }
    StandingQueue queue = queueOf(work);
    queue.parked(work);
    waits(queue);
  }

  /** The ledger did not take it. */
  void notParked(Submission work) {
    if (!later.isForLater(work)) {
      queueOf(work).parkingEnds();
    }
  }

  /**
   * The ledger has its end. Only now is there room for another: what ended faster than the ledger
   * writes would fill the memory instead.
   */
  void recorded(InvocationId id) {
    remove(id);
    if (readings > 0) {
      endedWhileReading.add(id);
    }
  }

  /** Reads on where work waits that there is room for. Called when a tick ends. */
  void proceed() {
    for (int i = round.size(); i > 0 && mayRead(); i--) {
      StandingQueue queue = round.removeFirst();
      round.addLast(queue);
      if (inShards.wantsMore(queue)) {
        read(queue);
      }
    }
  }

  private boolean mayRead() {
    return !pageUnderWay && !paused && ledger.reachable();
  }

  // ---- also for what comes by another way ----

  /** A reading of the ledger begins: what ends until it is over must not be taken for waiting. */
  void readingBegins() {
    readings++;
  }

  void readingEnds() {
    if (--readings == 0) {
      endedWhileReading.clear();
    }
  }

  /** Those of read work that have not ended, and are this node's to lease. */
  Future<List<Submission>> open(List<Submission> work) {
    return reunion.open(work);
  }

  /** Gives read work to its shard, unless it is there or over. Returns whether it was given. */
  boolean giveToShard(Submission work, Waiter waiter) {
    return !inShards.has(work.id()) && giveAgain(work, waiter);
  }

  /** The same of work that its shard may have let go; if it has not, it stays as it is. */
  boolean giveAgain(Submission work, Waiter waiter) {
    if (endedWhileReading.contains(work.id())) {
      return false;
    }
    sent(work);
    traffic.laneOf(work.id()).submit(work, waiter);
    return true;
  }

  /** There is room for work whose time has come. */
  boolean hasRoomToSpare() {
    return inShards.hasRoomToSpare();
  }

  /** It was read, and its shard did not take it: it waits in the ledger as before. */
  void refused(Submission work) {
    remove(work.id());
    if (work.notBefore() != 0) {
      later.parked(work);
    } else {
      StandingQueue queue = queueOf(work);
      queue.moveBack(work);
      waits(queue);
    }
    pause();
  }

  // ---- pages ----

  private void read(StandingQueue queue) {
    Cursor from = queue.readingBegins();
    int most = Math.min(PAGE, limits.inShards());
    pageUnderWay = true;
    readingBegins();
    traffic
        .blocking(() -> ledger.page(queue.queue(), from, most, node))
        .compose(page -> open(page.work()).map(open -> new Page(open, page.next(), page.last())))
        .onComplete(
            read -> {
              if (read.succeeded()) {
                Page page = Objects.requireNonNull(read.result());
                give(page.work());
                taken(queue, page);
              } else {
                log.warn("accepted work of {} could not be read", queue.queue(), read.cause());
                pause();
              }
              queue.readingEnds();
              pageUnderWay = false;
              readingEnds();
              traffic.endTickSoon();
            });
  }

  private void give(List<Submission> work) {
    for (Submission one : work) {
      giveToShard(one, new Returning(one));
    }
  }

  private void taken(StandingQueue queue, Page page) {
    if (queue.taken(page)) {
      round.remove(queue);
      tidy(queue);
    }
  }

  /** What was read and goes to its shard. */
  final class Returning implements Waiter {
    private final Submission work;

    Returning(Submission work) {
      this.work = work;
    }

    @Override
    public void admitted(Admission admission) {
      if (admission == Admission.FULL) {
        refused(work);
      }
    }

    @Override
    public void uncertain(String why) {
      refused(work);
    }

    @Override
    public void ended(InvocationRecord invocation) {
      throw new IllegalStateException("nobody waits for " + invocation.id());
    }
  }

  private void waits(StandingQueue queue) {
    if (queue.beginsToWait()) {
      round.addLast(queue);
    }
  }

  private void pause() {
    if (!paused) {
      paused = true;
      traffic.later(PAUSE_MILLIS, () -> paused = false);
    }
  }

  private StandingQueue queueOf(Submission work) {
    return queue(Queue.of(work));
  }

  private StandingQueue queue(Queue which) {
    return queues.computeIfAbsent(which, StandingQueue::new);
  }

  private void remove(InvocationId id) {
    lostEnds.over(id);
    StandingQueue queue = inShards.remove(id);
    if (queue != null) {
      tidy(queue);
    }
  }

  private void tidy(StandingQueue queue) {
    if (queue.isEmpty()) {
      queues.remove(queue.queue());
    }
  }
}
