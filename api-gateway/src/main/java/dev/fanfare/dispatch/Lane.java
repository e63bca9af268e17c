package dev.fanfare.dispatch;

import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one shard. One batch is under way at a time; what comes meanwhile waits
 * here and goes with the next, so that batches grow with the load. Only on the dispatcher's
 * context.
 */
final class Lane {
  /** The most submissions of one operation. */
  static final int SUBMISSIONS_PER_BATCH = 4_096;

  /** About the most payload bytes of one operation's submissions. */
  static final long BYTES_PER_BATCH = 8L << 20;

  /** The most submissions that wait for the batch under way; further ones are refused. */
  static final int MOST_SUBMISSIONS = 200_000;

  /** About the most payload bytes that wait for the batch under way; further ones are refused. */
  static final long MOST_BYTES = 64L << 20;

  final int shard;

  /** The demands of ready work that the shard had too few offers for, when it last spoke. */
  List<Requirements> hungry = List.of();

  /** Whether it stands in the round of shards that want offers. */
  boolean inRound;

  /** Whether it is too early to offer again what it did not want. */
  boolean resting;

  /** The room's version when its offers last went to waste here; offered again when it changed. */
  long barrenAt = -1;

  /** When the shard last spoke, in nanoseconds. */
  long heardAt;

  /** How long it was silent after the last time, in milliseconds. */
  long backoff;

  private final Traffic traffic;
  private final Waiting waiting;
  private List<Step> steps = new ArrayList<>();
  private final ArrayDeque<Submitting> submitting = new ArrayDeque<>();
  private int submissions;
  private long bytes;
  private final Map<WorkerSession, Settling> settling = new HashMap<>();
  private @Nullable Finding finding;
  private List<InvocationId> forgettable = new ArrayList<>();
  private boolean flying;
  private boolean paused;
  private boolean dirty;

  Lane(int shard, Traffic traffic, Waiting waiting) {
    this.shard = shard;
    this.traffic = traffic;
    this.waiting = waiting;
  }

  /** Whether there is room for another submission. */
  boolean takes(Submission submission) {
    return submissions < MOST_SUBMISSIONS && bytes + submission.payload().size() <= MOST_BYTES;
  }

  void submit(Submission submission, Waiter waiter) {
    if (submitting.isEmpty() || submitting.getLast().full()) {
      submitting.add(new Submitting(waiting));
    }
    submitting.getLast().add(submission, waiter);
    submissions++;
    bytes += submission.payload().size();
    touch();
  }

  void settle(WorkerSession session, Settlement settlement, Unacknowledged frame) {
    Settling open = settling.get(session);
    if (open == null) {
      open = new Settling(this, session);
      settling.put(session, open);
      add(open);
    }
    open.add(settlement, frame);
  }

  void find(InvocationId id, Finding.Seeker seeker) {
    Finding open = finding;
    if (open == null) {
      open = new Finding();
      finding = open;
      add(open);
    }
    open.add(id, seeker);
  }

  /** Looks whether an invocation ended without anybody's being told. */
  void lookAgain(InvocationId id) {
    find(id, Finding.Seeker.ofEnded(traffic.effects()::ended));
  }

  /** The ledger holds these; told to the shard with its next batch, which need not be at once. */
  void forget(List<InvocationId> ids) {
    (submitting.isEmpty() ? forgettable : submitting.getLast().forgettable).addAll(ids);
  }

  /** Sends a batch if there is something to forget. */
  void forgetNow() {
    if (!forgettable.isEmpty()) {
      touch();
    }
  }

  /** Adds a step behind all that wait. */
  void add(Step step) {
    steps.add(step);
    touch();
  }

  /** Asks the shard, which may go unanswered. From any thread. */
  Future<Reply> ask(Transition question) {
    Promise<Reply> answer = Promise.promise();
    traffic.run(() -> add(Asking.once(question, answer::complete, answer::fail)));
    return answer.future();
  }

  /** Adds a step before all that wait. */
  void addFirst(Step step) {
    steps.addFirst(step);
    touch();
  }

  /** A change of the session itself: what it settles from here on stays behind it. */
  void change(WorkerSession session, Step step) {
    settling.remove(session);
    add(step);
  }

  /** Whether a batch could leave now. */
  boolean ready() {
    return !flying && !paused;
  }

  /** Whether something waits for a batch. */
  boolean waits() {
    return !steps.isEmpty() || !submitting.isEmpty();
  }

  /** What the next batch's submissions need. */
  List<Submitting.Need> needs() {
    return submitting.isEmpty() ? List.of() : submitting.getFirst().needs();
  }

  /** Takes what goes now; the lane is under way until {@link #landed}. */
  List<Step> depart() {
    List<Step> leaving = steps;
    steps = new ArrayList<>();
    settling.clear();
    finding = null;
    flying = true;
    if (!submitting.isEmpty()) {
      Submitting first = submitting.removeFirst();
      submissions -= first.size();
      bytes -= first.bytes();
      leaving.add(first);
      forgettable.addAll(first.forgettable);
    }
    if (!forgettable.isEmpty()) {
      leaving.add(Asking.untilDone(new Transition.Forget(forgettable)));
      forgettable = new ArrayList<>();
    }
    return leaving;
  }

  /** The batch under way was answered. */
  void landed() {
    flying = false;
    if (waits()) {
      touch();
    }
  }

  /** The batch under way was not answered: what must not get lost goes first with the next. */
  void lost(List<Step> sent, Throwable failure) {
    flying = false;
    List<Step> behind = steps;
    steps = new ArrayList<>();
    finding = null;
    List<Step> again = new ArrayList<>();
    for (Step step : sent) {
      if (step.lost(failure)) {
        again.add(step);
      }
    }
    List<Step> added = steps;
    steps = again;
    steps.addAll(behind);
    steps.addAll(added);
    settling.clear();
    finding = null;
  }

  /** Nothing leaves until {@link #resume}. */
  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
    if (waits()) {
      touch();
    }
  }

  /** It is not among the dirty ones any more, whether or not its batch could leave. */
  void clean() {
    dirty = false;
  }

  private void touch() {
    if (!dirty) {
      dirty = true;
      traffic.batches().dirty(this);
    }
  }
}
