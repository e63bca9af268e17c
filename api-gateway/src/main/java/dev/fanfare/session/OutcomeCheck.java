package dev.fanfare.session;

import dev.fanfare.dispatch.WorkerSession;
import dev.fanfare.frame.Frame.Outcomes;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Sees that results are where outcomes say they are, before they are settled: small ones inside,
 * large ones uploaded. What is not so settles as a bad result. Frames keep their order.
 */
final class OutcomeCheck {
  private final SessionServer server;
  private final WorkerSession worker;
  private final ArrayDeque<Outcomes> waiting = new ArrayDeque<>();
  private boolean checking;

  OutcomeCheck(SessionServer server, WorkerSession worker) {
    this.server = server;
    this.worker = worker;
  }

  void check(Outcomes outcomes) {
    if (!checking && outcomes.settlements().stream().allMatch(this::plain)) {
      worker.outcomes(outcomes);
    } else {
      waiting.add(outcomes);
      next();
    }
  }

  private void next() {
    if (!checking && !waiting.isEmpty()) {
      checking = true;
      Outcomes outcomes = waiting.removeFirst();
      server.blocking(() -> checked(outcomes), this::done, failure -> done(unreadable(outcomes)));
    }
  }

  private void done(Outcomes outcomes) {
    checking = false;
    worker.outcomes(outcomes);
    next();
  }

  /** Whether nothing needs to be looked at on disk or replaced. */
  private boolean plain(Settlement settlement) {
    return !(settlement.outcome() instanceof Outcome.Success success)
        || success.result() instanceof Payload.Inline inline
            && inline.bytes().length <= Payload.INLINE_LIMIT;
  }

  private Outcomes checked(Outcomes outcomes) {
    List<Settlement> checked = outcomes.settlements().stream().map(this::checked).toList();
    return new Outcomes(outcomes.sequence(), checked);
  }

  private Settlement checked(Settlement settlement) {
    if (!(settlement.outcome() instanceof Outcome.Success success)) {
      return settlement;
    }
    return switch (success.result()) {
      case Payload.Inline inline ->
          inline.bytes().length <= Payload.INLINE_LIMIT
              ? settlement
              : failed(
                  settlement,
                  FailureCode.BAD_RESULT,
                  "the worker sent a result of "
                      + inline.bytes().length
                      + " bytes inside its outcome; over "
                      + Payload.INLINE_LIMIT
                      + " it must be uploaded");
      case Payload.Blob blob when blob.size() > server.resultLimitBytes() ->
          failed(
              settlement,
              FailureCode.RESULT_TOO_LARGE,
              "the result has "
                  + blob.size()
                  + " bytes, the limit is "
                  + server.resultLimitBytes());
      case Payload.Blob blob ->
          server.blobs().obtain(blob.hash())
              ? settlement
              : failed(
                  settlement,
                  FailureCode.BAD_RESULT,
                  "the worker did not upload the result " + blob.hash().brief());
    };
  }

  private static Outcomes unreadable(Outcomes outcomes) {
    return new Outcomes(
        outcomes.sequence(),
        outcomes.settlements().stream()
            .map(s -> failed(s, FailureCode.BAD_RESULT, "the result could not be looked at"))
            .toList());
  }

  private static Settlement failed(Settlement settlement, FailureCode code, String message) {
    return new Settlement(
        settlement.id(), settlement.fence(), Outcome.Failure.of(code, message), settlement.usage());
  }
}
