package dev.fanfare.dispatch;

import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.ledger.WorkPages.Cursor;
import dev.fanfare.ledger.WorkPages.Page;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
  private final Map<Queue, Standing> queues = new HashMap<>();
  private final Map<InvocationId, InShard> inShards = new HashMap<>();
  private final ArrayDeque<Standing> round = new ArrayDeque<>();
  private final Set<InvocationId> endedWhileReading = new HashSet<>();
  private long bytes;
  private int readings;
  private int surveys;
  private boolean pageUnderWay;
  private boolean paused;
  private volatile boolean surveyed;
  private volatile int held;

  /** One that was given to its shard and whose end is not on disk. */
  private record InShard(Standing queue, long bytes) {}

  /** One function's queue. */
  private static final class Standing {
    final Queue queue;
    Cursor cursor = Cursor.START;

    /** How many are in shards. */
    int inShards;

    /** How many are on their way to the ledger, to wait there. */
    int parking;

    /** Whether some wait in the ledger alone, or may. */
    boolean waits;

    /** Whether some came to wait since a page was asked for. */
    boolean grew;

    /** Whether the cursor was set back since a page was asked for. */
    boolean movedBack;

    /** Whether a page of it is under way. */
    boolean read;

    /** Those that came to wait since a page was asked for, which may not be in it. */
    final List<Submission> meanwhile = new ArrayList<>();

    Standing(Queue queue) {
      this.queue = queue;
    }
  }

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
                found.result().forEach(queue -> waits(standing(queue)));
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
      inShards.clear();
      lostEnds.clear();
      bytes = 0;
      held = 0;
    }
    for (Standing queue : queues.values()) {
      queue.inShards = shardsLost ? 0 : queue.inShards;
      queue.cursor = Cursor.START;
      queue.movedBack = true;
    }
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
    return Math.max(0, ledger.count() - held);
  }

  /**
   * Whether new work goes to its shard at once: it is due, there is room, and none is before it.
   */
  boolean takesAtOnce(Submission work) {
    if (later.isForLater(work)) {
      return false;
    }
    Standing queue = standing(Queue.of(work));
    if (queue.waits || queue.parking > 0) {
      return work.priority() > 0 && queue.cursor.isAfter(work) && hasRoomToSpare();
    }
    return hasRoom(queue);
  }

  /** New work goes to its shard. */
  void sent(Submission work) {
    Standing queue = standing(Queue.of(work));
    long size = bytes(work);
    if (inShards.put(work.id(), new InShard(queue, size)) == null) {
      queue.inShards++;
      bytes += size;
      held = inShards.size();
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
      standing(Queue.of(work)).parking++;
    }
  }

  /** The ledger has it: where none is before it, it goes on to its shard. */
  void accepted(Submission work) {
    Standing queue = standing(Queue.of(work));
    boolean goesOn = !later.isForLater(work) && !queue.waits && hasRoom(queue);
    if (goesOn && traffic.laneOf(work.id()).takes(work)) {
      queue.parking--;
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
    Standing queue = standing(Queue.of(work));
    queue.parking--;
    moveBack(queue, work);
    if (queue.read) {
      queue.meanwhile.add(work);
    }
    queue.grew = true;
    waits(queue);
  }

  /** The ledger did not take it. */
  void notParked(Submission work) {
    if (!later.isForLater(work)) {
      standing(Queue.of(work)).parking--;
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
      Standing queue = round.removeFirst();
      round.addLast(queue);
      if (wantsMore(queue)) {
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
    return !inShards.containsKey(work.id()) && giveAgain(work, waiter);
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
    return inShards.size() < 2L * limits.inShards() && bytes < 2 * limits.bytesInShards();
  }

  /** It was read, and its shard did not take it: it waits in the ledger as before. */
  void refused(Submission work) {
    remove(work.id());
    if (work.notBefore() != 0) {
      later.parked(work);
    } else {
      Standing queue = standing(Queue.of(work));
      moveBack(queue, work);
      waits(queue);
    }
    pause();
  }

  // ---- pages ----

  private boolean wantsMore(Standing queue) {
    boolean some = inShards.size() <= limits.inShards() / 2 && bytes <= limits.bytesInShards() / 2;
    boolean own = queue.inShards <= limits.ofFunction() / 2 && hasRoomToSpare();
    return some || own;
  }

  private boolean hasRoom(Standing queue) {
    return inShards.size() < limits.inShards() && bytes < limits.bytesInShards()
        || queue.inShards < limits.ofFunction() && hasRoomToSpare();
  }

  private void read(Standing queue) {
    Cursor from = queue.cursor;
    int most = Math.min(PAGE, limits.inShards());
    queue.grew = false;
    queue.movedBack = false;
    queue.read = true;
    pageUnderWay = true;
    readingBegins();
    traffic
        .blocking(() -> ledger.page(queue.queue, from, most, node))
        .compose(page -> open(page.work()).map(open -> new Page(open, page.next(), page.last())))
        .onComplete(
            read -> {
              if (read.succeeded()) {
                Page page = Objects.requireNonNull(read.result());
                give(page.work());
                taken(queue, page);
              } else {
                log.warn("accepted work of {} could not be read", queue.queue, read.cause());
                pause();
              }
              queue.read = false;
              queue.meanwhile.clear();
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

  private void taken(Standing queue, Page page) {
    if (!queue.movedBack) {
      queue.cursor = page.next();
      queue.meanwhile.forEach(late -> moveBack(queue, late));
    }
    if (page.last() && !queue.grew && !queue.movedBack) {
      queue.waits = false;
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

  private void waits(Standing queue) {
    if (!queue.waits) {
      queue.waits = true;
      round.addLast(queue);
    }
  }

  private void moveBack(Standing queue, Submission work) {
    Cursor before = queue.cursor.before(work);
    if (!before.equals(queue.cursor)) {
      queue.cursor = before;
      queue.movedBack = true;
    }
  }

  private void pause() {
    if (!paused) {
      paused = true;
      traffic.later(PAUSE_MILLIS, () -> paused = false);
    }
  }

  private Standing standing(Queue queue) {
    return queues.computeIfAbsent(queue, Standing::new);
  }

  private void remove(InvocationId id) {
    lostEnds.over(id);
    InShard gone = inShards.remove(id);
    if (gone != null) {
      gone.queue.inShards--;
      bytes -= gone.bytes;
      held = inShards.size();
      tidy(gone.queue);
    }
  }

  private void tidy(Standing queue) {
    if (queue.inShards == 0 && queue.parking == 0 && !queue.waits) {
      queues.remove(queue.queue);
    }
  }

  private static long bytes(Submission work) {
    return work.payload() instanceof Payload.Inline inline ? inline.size() : 0;
  }
}
