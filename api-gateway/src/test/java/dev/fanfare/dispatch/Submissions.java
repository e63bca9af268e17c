package dev.fanfare.dispatch;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Submission;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Makes submissions of a function that runs anywhere for up to a minute. */
record Submissions(
    NodeId origin, Target target, Requirements requirements, boolean async, int retries) {
  static final TenantId TENANT = TenantId.DEFAULT;
  private static final long TIMEOUT_MICROS = TimeUnit.MINUTES.toMicros(1);

  static Submissions sync(NodeId origin) {
    var revision = new RevisionId(Sha256.of("revision".getBytes(StandardCharsets.UTF_8)));
    var target = new Target(TENANT, new FunctionName("echo"), revision, Policy.DEFAULT);
    return new Submissions(origin, target, Requirements.NONE, false, 0);
  }

  Submissions withAsync() {
    return new Submissions(origin, target, requirements, true, retries);
  }

  Submissions withRetries(int more) {
    return new Submissions(origin, target, requirements, async, more);
  }

  Submissions withRequirements(Requirements others) {
    return new Submissions(origin, target, others, async, retries);
  }

  Submissions of(String function) {
    var other =
        new Target(target.tenant(), new FunctionName(function), target.revision(), target.policy());
    return new Submissions(origin, other, requirements, async, retries);
  }

  Submission make(InvocationId id) {
    return make(id, 0, 0);
  }

  /** One that is ready at one time and expires at another, epoch microseconds; 0 for neither. */
  Submission make(InvocationId id, long notBefore, long expiresAt) {
    return new Submission(
        id,
        target,
        requirements,
        origin,
        async,
        0,
        retries,
        TIMEOUT_MICROS,
        notBefore,
        expiresAt,
        0,
        "",
        "",
        Payload.EMPTY);
  }
}
