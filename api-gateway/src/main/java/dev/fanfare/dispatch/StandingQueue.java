package dev.fanfare.dispatch;

import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.ledger.WorkPages.Cursor;
import dev.fanfare.ledger.WorkPages.Page;
import dev.fanfare.shard.Submission;
import java.util.ArrayList;
import java.util.List;

/**
 * One function's accepted work that has not ended: how much of it is in shards, whether some waits
 * in the ledger alone, and from where on that is read next. Only on the dispatcher's context.
 */
final class StandingQueue {
  private final Queue queue;
  private Cursor cursor = Cursor.START;

  /** How many are in shards. */
  private int inShards;

  /** How many are on their way to the ledger, to wait there. */
  private int parking;

  /** Whether some wait in the ledger alone, or may. */
  private boolean waits;

  /** Whether some came to wait since a page was asked for. */
  private boolean grew;

  /** Whether the cursor was set back since a page was asked for. */
  private boolean movedBack;

  /** Whether a page of it is under way. */
  private boolean read;

  /** Those that came to wait since a page was asked for, which may not be in it. */
  private final List<Submission> meanwhile = new ArrayList<>();

  StandingQueue(Queue queue) {
    this.queue = queue;
  }

  Queue queue() {
    return queue;
  }

  int inShards() {
    return inShards;
  }

  /** Whether some wait in the ledger alone, or may. */
  boolean waits() {
    return waits;
  }

  /** Whether some wait in the ledger alone, or are on their way there. */
  boolean standsBefore() {
    return waits || parking > 0;
  }

  /** Whether the work stands before all of it that is yet to be read. */
  boolean restStandsBehind(Submission work) {
    return cursor.isAfter(work);
  }

  /** Whether there is nothing to know of it. */
  boolean isEmpty() {
    return inShards == 0 && parking == 0 && !waits;
  }

  // ---- what is in shards ----

  void given() {
    inShards++;
  }

  void gone() {
    inShards--;
  }

  // ---- what waits ----

  /** One goes to the ledger, to wait there. */
  void parking() {
    parking++;
  }

  /** One is not on its way there any more, and does not wait. */
  void parkingEnds() {
    parking--;
  }

  /** One that was on its way there waits. */
  void parked(Submission work) {
    parking--;
    moveBack(work);
    if (read) {
      meanwhile.add(work);
    }
    grew = true;
  }

  /** Some wait, or may. Returns whether none did before. */
  boolean beginsToWait() {
    boolean news = !waits;
    waits = true;
    return news;
  }

  /** What comes after the cursor includes this work from now on. */
  void moveBack(Submission work) {
    Cursor before = cursor.before(work);
    if (!before.equals(cursor)) {
      cursor = before;
      movedBack = true;
    }
  }

  /** All that waits is to be read once more. */
  void lookAgain() {
    cursor = Cursor.START;
    movedBack = true;
  }

  /** Shards lost what they were given. */
  void lost() {
    inShards = 0;
  }

  // ---- pages ----

  /** A page is asked for; returns from where on. */
  Cursor readingBegins() {
    grew = false;
    movedBack = false;
    read = true;
    return cursor;
  }

  /** The page came and was given to shards. Returns whether nothing waits any more. */
  boolean taken(Page page) {
    if (!movedBack) {
      cursor = page.next();
      meanwhile.forEach(this::moveBack);
    }
    if (page.last() && !grew && !movedBack) {
      waits = false;
      return true;
    }
    return false;
  }

  /** The page was taken, or did not come. */
  void readingEnds() {
    read = false;
    meanwhile.clear();
  }
}
