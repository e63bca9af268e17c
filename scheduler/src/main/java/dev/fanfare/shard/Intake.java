package dev.fanfare.shard;

import dev.fanfare.protocol.Payload;
import dev.fanfare.shard.Reply.Admission;
import java.util.ArrayList;
import java.util.List;

/** Takes submissions in, as far as there is room. */
final class Intake {
  private final ShardLimits limits;
  private final Holdings holdings;
  private final Lifecycle lifecycle;
  private final Interner interner = new Interner();

  Intake(ShardLimits limits, Holdings holdings, Lifecycle lifecycle) {
    this.limits = limits;
    this.holdings = holdings;
    this.lifecycle = lifecycle;
  }

  List<Admission> submit(List<Submission> submissions, Operation operation) {
    var admissions = new ArrayList<Admission>(submissions.size());
    for (Submission submission : submissions) {
      admissions.add(admit(submission, operation));
    }
    return admissions;
  }

  private Admission admit(Submission submission, Operation operation) {
    Identified known = holdings.ids.get(submission.id().high(), submission.id().low());
    if (known != null) {
      again(known, submission, operation);
      return Admission.DUPLICATE;
    }
    if (!hasRoomFor(submission)) {
      return Admission.FULL;
    }
    Line line = holdings.lines.line(submission.target(), submission.requirements());
    if (line == null) {
      return Admission.FULL;
    }
    long rank = holdings.queue.rank(submission);
    var entry = new Entry(holdings.nextSequence(), rank, submission, line, interner, operation.now);
    lifecycle.accept(entry, operation);
    if (entry.losses > limits.losses()) {
      lifecycle.giveUp(entry, operation);
    }
    return Admission.ACCEPTED;
  }

  /** Whoever submits again answers for it from now on, and hears of its end if that was before. */
  private void again(Identified known, Submission submission, Operation operation) {
    boolean comesAgain = submission.resumed().submittedAt() != 0;
    switch (known) {
      case Entry entry when comesAgain -> entry.origin = interner.node(submission.origin());
      case Kept kept when comesAgain -> operation.ended(kept.record);
      default -> {}
    }
  }

  private boolean hasRoomFor(Submission submission) {
    long bytes = submission.payload() instanceof Payload.Inline inline ? inline.bytes().length : 0;
    return holdings.live.size() < limits.waiting()
        && holdings.tally.liveBytes + bytes <= limits.waitingBytes();
  }
}
