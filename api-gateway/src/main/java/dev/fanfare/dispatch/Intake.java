package dev.fanfare.dispatch;

import dev.fanfare.protocol.Sha256;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;

/**
 * Takes submissions in, or refuses them while what would become of them is too far behind. Only on
 * the dispatcher's context.
 */
final class Intake {
  /** Why nothing is taken in while the ledger, which is on the network, is silent. */
  private static final String NO_LEDGER = "the ledger does not answer";

  private final Traffic traffic;
  private final Waiting waiting;
  private final Recorder recorder;
  private final Accepted accepted;
  private final DispatchMeters meters;

  Intake(
      Traffic traffic,
      Waiting waiting,
      Recorder recorder,
      Accepted accepted,
      DispatchMeters meters) {
    this.traffic = traffic;
    this.waiting = waiting;
    this.recorder = recorder;
    this.accepted = accepted;
    this.meters = meters;
  }

  void submit(Submission submission, Waiter waiter) {
    Lane lane = traffic.laneOf(submission.id());
    if (!accepted.ledgerIsReachable()) {
      meters.refused.increment();
      waiter.uncertain(NO_LEDGER);
      return;
    }
    if (recorder.swamped() || !submission.async() && !lane.takes(submission)) {
      meters.refused.increment();
      waiter.admitted(Admission.FULL);
      return;
    }
    if (submission.async()) {
      accepted.accepting().submit(submission, waiter);
      return;
    }
    waiting.expect(submission, waiter);
    lane.submit(submission, waiter);
  }

  /** The same under a key of the caller, which may stand for one that was submitted before. */
  void submitOnce(Submission submission, String key, Sha256 body, KeyedWaiter waiter) {
    if (!accepted.ledgerIsReachable()) {
      meters.refused.increment();
      waiter.uncertain(NO_LEDGER);
    } else if (recorder.swamped()) {
      meters.refused.increment();
      waiter.admitted(Admission.FULL);
    } else {
      accepted.once().submit(submission, key, body, waiter);
    }
  }
}
