package dev.fanfare.wire;

import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.Usage;
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
 * Writes the platform's words compactly, for {@link WireInput} to read. Targets and requirements,
 * which many invocations of a batch share, are written once and referred to by number.
 */
public final class WireOutput {
  /** Written first; a reader of another format refuses. */
  public static final int FORMAT = 1;

  private final DataOutput out;
  private final Map<Target, Integer> targets = new HashMap<>();
  private final Map<Requirements, Integer> requirements = new HashMap<>();

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
    hash(revision.hash());
  }

  public void payload(Payload payload) throws IOException {
    switch (payload) {
      case Payload.Inline inline -> {
        kind(0);
        text(inline.contentType());
        bytes(inline.bytes());
      }
      case Payload.Blob blob -> {
        kind(1);
        text(blob.contentType());
        hash(blob.hash());
        number(blob.size());
      }
    }
  }

  public void requirements(Requirements value) throws IOException {
    if (seen(requirements, value)) {
      return;
    }
    list(value.constraints(), this::constraint);
    kind(value.isolation());
  }

  public void target(Target value) throws IOException {
    if (seen(targets, value)) {
      return;
    }
    text(value.tenant().value());
    text(value.function().value());
    revision(value.revision());
    policy(value.policy());
  }

  public void worker(WorkerProfile worker) throws IOException {
    text(worker.id().value());
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
    text(record.tenant().value());
    text(record.function().value());
    revision(record.revision());
    kind(record.state());
    text(record.callId());
    bool(record.async());
    number(record.priority());
    number(record.attempts());
    number(record.losses());
    number(record.fence());
    optional(record.worker(), worker -> text(worker.value()));
    text(record.origin().value());
    number(record.submittedAt());
    number(record.dueAt());
    number(record.startedAt());
    number(record.endedAt());
    optional(record.outcome(), this::outcome);
    usage(record.usage());
  }

  private void policy(Policy policy) throws IOException {
    duration(policy.timeout());
    optional(policy.retries(), retries -> number(retries));
    optional(policy.expiresAfter(), this::duration);
    number(policy.concurrency());
    number(policy.memoryBytes());
    requirements(policy.requirements());
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

  private void duration(Duration duration) throws IOException {
    number(duration.getSeconds());
    number(duration.getNano());
  }

  /** Writes the value's number; whether that is enough because the value was written before. */
  private <T> boolean seen(Map<T, Integer> written, T value) throws IOException {
    Integer number = written.putIfAbsent(value, written.size());
    number(number == null ? written.size() - 1 : number);
    return number != null;
  }
}
