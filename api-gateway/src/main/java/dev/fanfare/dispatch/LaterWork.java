package dev.fanfare.dispatch;

import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.shard.Submission;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepted work that was submitted for later: it waits in the ledger alone until shortly before its
 * time. Only on the dispatcher's context.
 */
final class LaterWork {
  /** So long before its time work goes to its shard, which keeps the time exactly. */
  static final long AHEAD_MICROS = TimeUnit.SECONDS.toMicros(2);

  static final long LOOK_MILLIS = 250;

  private static final InvocationId FIRST = new InvocationId(0, 0);
  private static final Logger log = LoggerFactory.getLogger(LaterWork.class);

  private final Traffic traffic;
  private final Backlog backlog;
  private final AcceptedWork ledger;
  private final NodeId node;

  /** Work up to here was read. */
  private long readUntil = Long.MIN_VALUE;

  private InvocationId readId = FIRST;

  /** When the first is due that was not read; a guess that is never too late. */
  private long nextDue = Long.MIN_VALUE;

  private boolean reading;
  private boolean movedBack;

  /** When the first is due that came to wait since a reading began, which may not have seen it. */
  private long meanwhile = Long.MAX_VALUE;

  private boolean started;

  LaterWork(Traffic traffic, Backlog backlog, AcceptedWork ledger, NodeId node) {
    this.traffic = traffic;
    this.backlog = backlog;
    this.ledger = ledger;
    this.node = node;
  }

  void start() {
    if (!started) {
      started = true;
      traffic.every(LOOK_MILLIS, this::look);
    }
  }

  /** All of it is read once more. */
  void lookAgain() {
    readUntil = Long.MIN_VALUE;
    readId = FIRST;
    nextDue = Long.MIN_VALUE;
    movedBack = true;
  }

  /** Whether the work's time is so far away that it waits in the ledger. */
  boolean isForLater(Submission work) {
    return work.notBefore() != 0
        && work.notBefore() > work.id().epochMillis() * 1_000 + AHEAD_MICROS;
  }

  /** It waits in the ledger. */
  void parked(Submission work) {
    nextDue = Math.min(nextDue, work.notBefore());
    meanwhile = Math.min(meanwhile, work.notBefore());
    if (work.notBefore() <= readUntil) {
      moveBack(work.notBefore());
      movedBack = true;
    }
  }

  private void moveBack(long due) {
    readUntil = due - 1;
    readId = FIRST;
  }

  private void look() {
    long until = traffic.nowMicros() + AHEAD_MICROS;
    if (nextDue > until || reading || !backlog.hasRoomToSpare() || !ledger.reachable()) {
      return;
    }
    reading = true;
    movedBack = false;
    meanwhile = Long.MAX_VALUE;
    nextDue = Long.MAX_VALUE;
    long after = readUntil;
    InvocationId afterId = readId;
    backlog.readingBegins();
    traffic
        .blocking(() -> read(until, after, afterId))
        .compose(due -> backlog.open(due.work).map(open -> new Opened(due, open)))
        .onComplete(
            read -> {
              reading = false;
              if (read.succeeded()) {
                taken(Objects.requireNonNull(read.result()));
              } else {
                log.warn("work that is due could not be read; it is tried again", read.cause());
                nextDue = Long.MIN_VALUE;
              }
              backlog.readingEnds();
              traffic.endTickSoon();
            });
  }

  /** What is due, and when the next is after it. */
  private record Due(List<Submission> work, long next) {}

  /** The same, and what of it has not ended. */
  private record Opened(Due due, List<Submission> open) {}

  private Due read(long until, long after, InvocationId afterId) {
    List<Submission> work = ledger.due(until, after, afterId, Backlog.PAGE, node);
    long next =
        work.isEmpty() ? ledger.firstDue(until).orElse(Long.MAX_VALUE) : work.getLast().notBefore();
    return new Due(work, next);
  }

  private void taken(Opened opened) {
    Due due = opened.due;
    nextDue = Math.min(nextDue, due.next);
    if (!due.work.isEmpty() && !movedBack) {
      readUntil = due.work.getLast().notBefore();
      readId = due.work.getLast().id();
      if (meanwhile <= readUntil) {
        moveBack(meanwhile);
      }
    }
    for (Submission work : opened.open) {
      backlog.giveToShard(work, backlog.new Returning(work));
    }
  }
}
