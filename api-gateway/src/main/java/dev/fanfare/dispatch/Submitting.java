package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.Target;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import java.util.ArrayList;
import java.util.List;

/** The submissions of a lane's next batch. */
final class Submitting implements Step {
  /** More different kinds of work than this in one batch are not told apart. */
  static final int MOST_NEEDS = 16;

  private final Waiting waiting;
  private final List<Submission> submissions = new ArrayList<>();
  private final List<Waiter> waiters = new ArrayList<>();

  /** What its shard is to forget, but not before this: it may be in here once more. */
  final List<InvocationId> forgettable = new ArrayList<>();

  private long bytes;

  Submitting(Waiting waiting) {
    this.waiting = waiting;
  }

  void add(Submission submission, Waiter waiter) {
    submissions.add(submission);
    waiters.add(waiter);
    bytes += submission.payload().size();
  }

  @Override
  public int size() {
    return submissions.size();
  }

  long bytes() {
    return bytes;
  }

  /** Whether it is as large as one operation should be. */
  boolean full() {
    return submissions.size() >= Lane.SUBMISSIONS_PER_BATCH || bytes >= Lane.BYTES_PER_BATCH;
  }

  /** So many invocations of a function with these demands. */
  static final class Need {
    final Target target;
    final Requirements requirements;
    int count = 1;

    Need(Submission submission) {
      this.target = submission.target();
      this.requirements = submission.requirements();
    }

    @SuppressWarnings("ReferenceEquality") // submissions of one function share these
    boolean takes(Submission submission) {
      return submission.target() == target && submission.requirements() == requirements;
    }
  }

  /** What the submissions need, by function; the last entry stands for all further functions. */
  List<Need> needs() {
    var needs = new ArrayList<Need>();
    for (Submission submission : submissions) {
      count(needs, submission);
    }
    return needs;
  }

  private static void count(List<Need> needs, Submission submission) {
    for (Need need : needs) {
      if (need.takes(submission)) {
        need.count++;
        return;
      }
    }
    if (needs.size() == MOST_NEEDS) {
      needs.getLast().count++;
    } else {
      needs.add(new Need(submission));
    }
  }

  @Override
  public Transition transition() {
    return new Transition.Submit(submissions);
  }

  @Override
  public void replied(Reply reply) {
    List<Admission> admissions = ((Reply.Admissions) reply).admissions();
    for (int i = 0; i < submissions.size(); i++) {
      waiting.admitted(submissions.get(i), waiters.get(i), admissions.get(i));
    }
  }

  @Override
  public boolean lost(Throwable failure) {
    for (int i = 0; i < submissions.size(); i++) {
      waiting.uncertain(submissions.get(i), waiters.get(i), failure);
    }
    return false;
  }
}
