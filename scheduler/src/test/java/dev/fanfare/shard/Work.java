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
import java.time.Duration;
import java.util.List;

/** An invocation to be submitted, in the making. */
record Work(
    InvocationId id,
    TenantId tenant,
    String function,
    String revision,
    Requirements requirements,
    boolean async,
    int priority,
    int retries,
    long timeoutMicros,
    long notBefore,
    long expiresAt,
    long deadline,
    int bytes) {

  static Work of(int number) {
    return new Work(
        id(number),
        TenantId.DEFAULT,
        "resize",
        "one",
        Requirements.NONE,
        true,
        0,
        0,
        60 * Desk.SECOND,
        0,
        0,
        0,
        100);
  }

  static InvocationId id(int number) {
    return InvocationId.of(Desk.START / 1_000, 7, number);
  }

  static RevisionId revision(String name) {
    return new RevisionId(Sha256.of(name.getBytes(StandardCharsets.UTF_8)));
  }

  Work function(String name) {
    return new Work(
        id,
        tenant,
        name,
        revision,
        requirements,
        async,
        priority,
        retries,
        timeoutMicros,
        notBefore,
        expiresAt,
        deadline,
        bytes);
  }

  Work tenant(String name) {
    return new Work(
        id,
        new TenantId(name),
        function,
        revision,
        requirements,
        async,
        priority,
        retries,
        timeoutMicros,
        notBefore,
        expiresAt,
        deadline,
        bytes);
  }

  Work ofRevision(String name) {
    return new Work(
        id,
        tenant,
        function,
        name,
        requirements,
        async,
        priority,
        retries,
        timeoutMicros,
        notBefore,
        expiresAt,
        deadline,
        bytes);
  }

  Work requiring(String constraint) {
    Requirements required = Requirements.NONE.and(List.of(Constraint.parse(constraint)));
    return new Work(
        id,
        tenant,
        function,
        revision,
        required,
        async,
        priority,
        retries,
        timeoutMicros,
        notBefore,
        expiresAt,
        deadline,
        bytes);
  }

  Work sync() {
    return new Work(
        id,
        tenant,
        function,
        revision,
        requirements,
        false,
        priority,
        retries,
        timeoutMicros,
        notBefore,
        expiresAt,
        deadline,
        bytes);
  }

  Work priority(int value) {
    return new Work(
        id,
        tenant,
        function,
        revision,
        requirements,
        async,
        value,
        retries,
        timeoutMicros,
        notBefore,
        expiresAt,
        deadline,
        bytes);
  }

  Work retries(int value) {
    return new Work(
        id,
        tenant,
        function,
        revision,
        requirements,
        async,
        priority,
        value,
        timeoutMicros,
        notBefore,
        expiresAt,
        deadline,
        bytes);
  }

  Work timeout(long micros) {
    return new Work(
        id,
        tenant,
        function,
        revision,
        requirements,
        async,
        priority,
        retries,
        micros,
        notBefore,
        expiresAt,
        deadline,
        bytes);
  }

  Work notBefore(long time) {
    return new Work(
        id,
        tenant,
        function,
        revision,
        requirements,
        async,
        priority,
        retries,
        timeoutMicros,
        time,
        expiresAt,
        deadline,
        bytes);
  }

  Work expiresAt(long time) {
    return new Work(
        id,
        tenant,
        function,
        revision,
        requirements,
        async,
        priority,
        retries,
        timeoutMicros,
        notBefore,
        time,
        deadline,
        bytes);
  }

  Work deadline(long time) {
    return new Work(
        id,
        tenant,
        function,
        revision,
        requirements,
        async,
        priority,
        retries,
        timeoutMicros,
        notBefore,
        expiresAt,
        time,
        bytes);
  }

  Work bytes(int size) {
    return new Work(
        id,
        tenant,
        function,
        revision,
        requirements,
        async,
        priority,
        retries,
        timeoutMicros,
        notBefore,
        expiresAt,
        deadline,
        size);
  }

  Offer.Warm warm(int count) {
    return new Offer.Warm(revision(revision), new FunctionName(function), count);
  }

  Submission submission() {
    return new Submission(
        id,
        new Target(tenant, new FunctionName(function), revision(revision), policy()),
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
        new Payload.Inline("application/json", new byte[bytes]));
  }

  private static Policy policy() {
    return new Policy(
        Duration.ofSeconds(60),
        Policy.DEFAULT.retries(),
        Policy.DEFAULT.expiresAfter(),
        1,
        Policy.DEFAULT_MEMORY_BYTES,
        Requirements.NONE);
  }
}
