package dev.fanfare.encoding;

import dev.fanfare.protocol.Constraint;
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
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the platform's words compactly, for {@link WireInput} to read. Values that many elements
 * of a batch share are written once and referred to by number.
 */
public final class WireOutput {
  /** Written first; a reader of another format refuses. */
  public static final int FORMAT = 1;

  private final DataOutput out;
  private final Map<Object, Integer> shared = new HashMap<>();

  public WireOutput(DataOutput out) throws IOException {
    this.out = out;
    out.writeByte(FORMAT);
  }

  /** Writes one element. */
  public interface ElementWriter<T> {
    void write(T element) throws IOException;
  }

  public void bool(boolean value) throws IOException {
    out.writeBoolean(value);
  }

  public void number(long value) throws IOException {
    long rest = value << 1 ^ value >> 63;
    while ((rest & ~0x7FL) != 0) {
      out.writeByte((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  /** By place in its enum: reordering one is a new {@link #FORMAT}. */
  @SuppressWarnings("EnumOrdinal")
  public void kind(Enum<?> constant) throws IOException {
    out.writeByte(constant.ordinal());
  }

  public void kind(int tag) throws IOException {
    out.writeByte(tag);
  }

  public void bytes(byte[] bytes) throws IOException {
    number(bytes.length);
    out.write(bytes);
  }

  public void text(String text) throws IOException {
    bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public <T> void list(Collection<T> elements, ElementWriter<T> writer) throws IOException {
    number(elements.size());
    for (T element : elements) {
      writer.write(element);
    }
  }

  public <T> void optional(Optional<T> value, ElementWriter<T> writer) throws IOException {
    bool(value.isPresent());
    if (value.isPresent()) {
      writer.write(value.get());
    }
  }

  public void id(InvocationId id) throws IOException {
    out.writeLong(id.high());
    out.writeLong(id.low());
  }

  public void hash(Sha256 hash) throws IOException {
    out.write(HexFormat.of().parseHex(hash.hex()));
  }

  public void revision(RevisionId revision) throws IOException {
    share(revision, value -> hash(value.hash()));
  }

  public void function(FunctionName function) throws IOException {
    share(function, value -> text(value.value()));
  }

  public void tenant(TenantId tenant) throws IOException {
    share(tenant, value -> text(value.value()));
  }

  public void node(NodeId node) throws IOException {
    share(node, value -> text(value.value()));
  }

  public void session(SessionId session) throws IOException {
    share(session, value -> text(value.value()));
  }

  public void workerId(WorkerId worker) throws IOException {
    share(worker, value -> text(value.value()));
  }

  public void payload(Payload payload) throws IOException {
    switch (payload) {
      case Payload.Inline inline -> {
        kind(0);
        share(inline.contentType(), this::text);
        bytes(inline.bytes());
      }
      case Payload.Blob blob -> {
        kind(1);
        share(blob.contentType(), this::text);
        hash(blob.hash());
        number(blob.size());
      }
    }
  }

  public void requirements(Requirements requirements) throws IOException {
    share(
        requirements,
        value -> {
          list(value.constraints(), this::constraint);
          kind(value.isolation());
        });
  }

  public void target(Target target) throws IOException {
    share(
        target,
        value -> {
          tenant(value.tenant());
          function(value.function());
          revision(value.revision());
          policy(value.policy());
        });
  }

  public void worker(WorkerProfile worker) throws IOException {
    workerId(worker.id());
    list(worker.labels().values().entrySet(), this::label);
    number(worker.slots());
    list(worker.isolation(), this::kind);
    text(worker.version());
  }

  public void outcome(Outcome outcome) throws IOException {
    switch (outcome) {
      case Outcome.Success(Payload result) -> {
        kind(0);
        payload(result);
      }
      case Outcome.Failure(Fault fault) -> {
        kind(1);
        kind(fault.code());
        text(fault.type());
        text(fault.message());
        text(fault.stack());
        number(fault.status());
      }
      case Outcome.Cancelled(String reason) -> {
        kind(2);
        text(reason);
      }
    }
  }

  public void usage(Usage usage) throws IOException {
    number(usage.coldMicros());
    number(usage.runMicros());
    number(usage.cpuMicros());
    number(usage.peakMemoryBytes());
    number(usage.bytesIn());
    number(usage.bytesOut());
  }

  public void record(InvocationRecord record) throws IOException {
    id(record.id());
    tenant(record.tenant());
    function(record.function());
    revision(record.revision());
    kind(record.state());
    text(record.callId());
    bool(record.async());
    number(record.priority());
    number(record.attempts());
    number(record.losses());
    number(record.fence());
    optional(record.worker(), this::workerId);
    node(record.origin());
    number(record.submittedAt());
    number(record.dueAt());
    number(record.startedAt());
    number(record.endedAt());
    optional(record.outcome(), this::outcome);
    usage(record.usage());
    requirements(record.requirements());
  }

  private void policy(Policy policy) throws IOException {
    duration(policy.timeout());
    optional(policy.retries(), retries -> number(retries));
    optional(policy.expiresAfter(), this::duration);
    number(policy.concurrency());
    number(policy.memoryBytes());
    requirements(policy.requirements());
    number(policy.scale().min());
    optional(policy.scale().max(), most -> number(most));
  }

  private void constraint(Constraint constraint) throws IOException {
    text(constraint.label());
    kind(constraint.operator());
    list(constraint.values(), this::text);
  }

  private void label(Map.Entry<String, String> label) throws IOException {
    text(label.getKey());
    text(label.getValue());
  }

  public void duration(Duration duration) throws IOException {
    number(duration.getSeconds());
    number(duration.getNano());
  }

  /** Writes the value's number, and the value if it is new. */
  private <T> void share(T value, ElementWriter<T> writer) throws IOException {
    Integer number = shared.putIfAbsent(value, shared.size());
    if (number == null) {
      number(shared.size() - 1);
      writer.write(value);
    } else {
      number(number);
    }
  }
}
