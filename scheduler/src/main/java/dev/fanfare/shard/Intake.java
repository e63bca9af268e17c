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
  private final Common common = new Common();

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
    if (holdings.ids.get(submission.id().high(), submission.id().low()) != null) {
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
    lifecycle.accept(
        new Entry(holdings.nextSequence(), rank, submission, line, common, operation.now),
        operation);
    return Admission.ACCEPTED;
  }

  private boolean hasRoomFor(Submission submission) {
    long bytes = submission.payload() instanceof Payload.Inline inline ? inline.bytes().length : 0;
    return holdings.live.size() < limits.waiting()
        && holdings.tally.liveBytes + bytes <= limits.waitingBytes();
  }
}
