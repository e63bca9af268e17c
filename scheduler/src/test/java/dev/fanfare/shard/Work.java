package dev.fanfare.shard;

import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An invocation to be submitted, in the making. */
final class Work {
  private final InvocationId id;
  private TenantId tenant = TenantId.DEFAULT;
  private String function = "resize";
  private String revision = "one";
  private Requirements requirements = Requirements.NONE;
  private boolean async = true;
  private Resumption resumed = Resumption.NONE;
  private int priority = 0;
  private int retries = 0;
  private long timeoutMicros = 60 * Desk.SECOND;
  private long notBefore = 0;
  private long expiresAt = 0;
  private long deadline = 0;
  private int bytes = 100;

  private Work(InvocationId id) {
    this.id = id;
  }

  static Work of(int number) {
    return new Work(id(number));
  }

  static InvocationId id(int number) {
    return InvocationId.of(Desk.START / 1_000, 7, number);
  }

  static RevisionId revisionId(String name) {
    return new RevisionId(Sha256.of(name.getBytes(StandardCharsets.UTF_8)));
  }

  Work tenant(String name) {
    tenant = new TenantId(name);
    return this;
  }

  Work function(String name) {
    function = name;
    return this;
  }

  Work revision(String name) {
    revision = name;
    return this;
  }

  Work requiring(String constraint) {
    requirements = Requirements.NONE.and(List.of(Constraint.parse(constraint)));
    return this;
  }

  Work sync() {
    async = false;
    return this;
  }

  Work priority(int value) {
    priority = value;
    return this;
  }

  Work retries(int value) {
    retries = value;
    return this;
  }

  Work timeout(long micros) {
    timeoutMicros = micros;
    return this;
  }

  Work notBefore(long time) {
    notBefore = time;
    return this;
  }

  Work expiresAt(long time) {
    expiresAt = time;
    return this;
  }

  Work deadline(long time) {
    deadline = time;
    return this;
  }

  Work bytes(int size) {
    bytes = size;
    return this;
  }

  /** It was submitted before, at this time. */
  Work again(long submittedAt) {
    resumed = new Resumption(submittedAt, 0, 0, 0, 0);
    return this;
  }

  /**
   * It was submitted before and had so many attempts, some of them lost, under fences up to this.
   */
  Work again(int attempts, int losses, long fence) {
    resumed = new Resumption(1, attempts, losses, fence, 0);
    return this;
  }

  /** Warm room for as many of its function. */
  Offer.Warm warm(int count) {
    return new Offer.Warm(revisionId(revision), new FunctionName(function), count);
  }

  Submission submission() {
    return submission(
        new Target(tenant, new FunctionName(function), revisionId(revision), Policy.DEFAULT));
  }

  Submission submission(Target target) {
    return new Submission(
        id,
        target,
        requirements,
        Desk.NODE,
        async,
        priority,
        retries,
        timeoutMicros,
        notBefore,
        expiresAt,
        deadline,
        "",
        "",
        new Payload.Inline("application/json", new byte[bytes]),
        resumed);
  }
}
