package dev.fanfare.ledger;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.shard.Submission;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Ended invocations for tests. */
final class HistoryExamples {
  static final FunctionName RESIZE = new FunctionName("resize");
  static final FunctionName COUNT = new FunctionName("count");
  static final RevisionId REVISION = new RevisionId(Sha256.of(new byte[] {1}));
  static final Outcome OK =
      new Outcome.Success(new Payload.Inline("application/json", utf8("{\"bytes\":7}")));
  static final Outcome BROKEN =
      new Outcome.Failure(
          new Fault(FailureCode.USER_FAULT, "java.lang.Error", "äh", "at Images.resize", 0));

  private HistoryExamples() {}

  /** The invocation made at this time (epoch milliseconds), one of many with the same. */
  static InvocationId id(long millis, int one) {
    return InvocationId.of(millis, 3, one);
  }

  static InvocationRecord ended(InvocationId id, FunctionName function, Outcome outcome) {
    return ended(id, TenantId.DEFAULT, function, outcome, 10, 20);
  }

  /** A resize that ended well. */
  static InvocationRecord endedUnder(InvocationId id, long fence) {
    return ended(id, TenantId.DEFAULT, RESIZE, OK, 10, 20, fence);
  }

  static InvocationRecord ended(
      InvocationId id,
      TenantId tenant,
      FunctionName function,
      Outcome outcome,
      long queueMicros,
      long runMicros) {
    return ended(id, tenant, function, outcome, queueMicros, runMicros, 4);
  }

  private static InvocationRecord ended(
      InvocationId id,
      TenantId tenant,
      FunctionName function,
      Outcome outcome,
      long queueMicros,
      long runMicros,
      long fence) {
    long submitted = id.epochMillis() * 1_000;
    return new InvocationRecord(
        id,
        tenant,
        function,
        REVISION,
        outcome.state(),
        "call-7",
        true,
        -5,
        2,
        1,
        fence,
        Optional.of(new WorkerId("worker-1")),
        new NodeId("node-1"),
        submitted,
        0,
        submitted + queueMicros,
        submitted + queueMicros + runMicros,
        Optional.of(outcome),
        new Usage(1, runMicros, 3, 4, 5, 6));
  }

  /** Work of the function {@code resize}. */
  static Submission submitted(InvocationId id, NodeId origin, String payload) {
    return new Submission(
        id,
        new Target(TenantId.DEFAULT, RESIZE, REVISION, Policy.DEFAULT),
        Requirements.NONE,
        origin,
        true,
        0,
        2,
        30_000_000,
        0,
        4,
        5,
        "call",
        "trace",
        new Payload.Inline("text/plain", utf8(payload)));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
