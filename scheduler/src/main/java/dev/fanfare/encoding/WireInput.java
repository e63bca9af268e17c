package dev.fanfare.encoding;

import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Scale;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import java.io.DataInput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what {@link WireOutput} wrote. */
public final class WireInput {
  private static final int SHA256_BYTES = 32;
  private static final int LIST_ROOM = 1_024;
  private static final Isolation[] ISOLATIONS = Isolation.values();
  private static final FailureCode[] FAILURE_CODES = FailureCode.values();
  private static final Constraint.Operator[] OPERATORS = Constraint.Operator.values();

  private static final InvocationState[] STATES = InvocationState.values();

  private final DataInput in;
  private final List<@Nullable Object> shared = new ArrayList<>();

  public WireInput(DataInput in) throws IOException {
    this.in = in;
    int format = in.readUnsignedByte();
    if (format != WireOutput.FORMAT) {
      throw new StreamCorruptedException(
          "a member sent format " + format + ", this one reads " + WireOutput.FORMAT);
    }
  }

  /** Reads one element. */
  public interface ElementReader<T> {
    T read() throws IOException;
  }

  public boolean bool() throws IOException {
    return in.readBoolean();
  }

  public long number() throws IOException {
    long rest = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int part = in.readUnsignedByte();
      rest |= (long) (part & 0x7F) << shift;
      if (part < 0x80) {
        return rest >>> 1 ^ -(rest & 1);
      }
    }
    throw new StreamCorruptedException("a number without end");
  }

  public int integer() throws IOException {
    return Math.toIntExact(number());
  }

  public int kind() throws IOException {
    return in.readUnsignedByte();
  }

  public <E extends Enum<E>> E kind(E[] constants) throws IOException {
    int ordinal = in.readUnsignedByte();
    if (ordinal >= constants.length) {
      throw unknown(constants[0].getDeclaringClass().getSimpleName(), ordinal);
    }
    return constants[ordinal];
  }

  public byte[] bytes() throws IOException {
    byte[] bytes = new byte[integer()];
    in.readFully(bytes);
    return bytes;
  }

  public String text() throws IOException {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  public <T> List<T> list(ElementReader<T> reader) throws IOException {
    int size = integer();
    List<T> elements = new ArrayList<>(Math.min(size, LIST_ROOM));
    for (int i = 0; i < size; i++) {
      elements.add(reader.read());
    }
    return elements;
  }

  public <T> Optional<T> optional(ElementReader<T> reader) throws IOException {
    return bool() ? Optional.of(reader.read()) : Optional.empty();
  }

  public InvocationId id() throws IOException {
    return new InvocationId(in.readLong(), in.readLong());
  }

  public Sha256 hash() throws IOException {
    byte[] digest = new byte[SHA256_BYTES];
    in.readFully(digest);
    return Sha256.ofDigest(digest);
  }

  public RevisionId revision() throws IOException {
    return shared(RevisionId.class, () -> new RevisionId(hash()));
  }

  public FunctionName function() throws IOException {
    return shared(FunctionName.class, () -> new FunctionName(text()));
  }

  public TenantId tenant() throws IOException {
    return shared(TenantId.class, () -> new TenantId(text()));
  }

  public NodeId node() throws IOException {
    return shared(NodeId.class, () -> new NodeId(text()));
  }

  public SessionId session() throws IOException {
    return shared(SessionId.class, () -> new SessionId(text()));
  }

  public WorkerId workerId() throws IOException {
    return shared(WorkerId.class, () -> new WorkerId(text()));
  }

  public Payload payload() throws IOException {
    int kind = kind();
    return switch (kind) {
      case 0 -> new Payload.Inline(shared(String.class, this::text), bytes());
      case 1 -> new Payload.Blob(shared(String.class, this::text), hash(), number());
      default -> throw unknown("payload", kind);
    };
  }

  public Requirements requirements() throws IOException {
    return shared(
        Requirements.class, () -> new Requirements(list(this::constraint), kind(ISOLATIONS)));
  }

  public Target target() throws IOException {
    return shared(Target.class, () -> new Target(tenant(), function(), revision(), policy()));
  }

  public WorkerProfile worker() throws IOException {
    return new WorkerProfile(workerId(), labels(), integer(), isolations(), text());
  }

  public Outcome outcome() throws IOException {
    int kind = kind();
    return switch (kind) {
      case 0 -> new Outcome.Success(payload());
      case 1 ->
          new Outcome.Failure(new Fault(kind(FAILURE_CODES), text(), text(), text(), integer()));
      case 2 -> new Outcome.Cancelled(text());
      default -> throw unknown("outcome", kind);
    };
  }

  public Usage usage() throws IOException {
    return new Usage(number(), number(), number(), number(), number(), number());
  }

  public InvocationRecord record() throws IOException {
    return new InvocationRecord(
        id(),
        tenant(),
        function(),
        revision(),
        kind(STATES),
        text(),
        bool(),
        integer(),
        integer(),
        integer(),
        number(),
        optional(this::workerId),
        node(),
        number(),
        number(),
        number(),
        number(),
        optional(this::outcome),
        usage(),
        requirements());
  }

  public static StreamCorruptedException unknown(String what, int kind) {
    return new StreamCorruptedException("no " + what + " of kind " + kind + " is known here");
  }

  private Policy policy() throws IOException {
    return new Policy(
        duration(),
        optional(this::integer),
        optional(this::duration),
        integer(),
        number(),
        requirements(),
        new Scale(integer(), optional(this::integer)));
  }

  private Constraint constraint() throws IOException {
    return new Constraint(text(), kind(OPERATORS), list(this::text));
  }

  private Labels labels() throws IOException {
    var labels = new TreeMap<String, String>();
    list(() -> Map.entry(text(), text())).forEach(l -> labels.put(l.getKey(), l.getValue()));
    return new Labels(labels);
  }

  private EnumSet<Isolation> isolations() throws IOException {
    var isolations = EnumSet.noneOf(Isolation.class);
    isolations.addAll(list(() -> kind(ISOLATIONS)));
    return isolations;
  }

  public Duration duration() throws IOException {
    return Duration.ofSeconds(number(), number());
  }

  private <T> T shared(Class<T> type, ElementReader<T> reader) throws IOException {
    int number = integer();
    if (number == shared.size()) {
      shared.add(null); // its place comes before those of what it holds
      shared.set(number, reader.read());
    }
    if (number < 0 || number >= shared.size() || !type.isInstance(shared.get(number))) {
      throw new StreamCorruptedException("no " + type.getSimpleName() + " has number " + number);
    }
    return type.cast(shared.get(number));
  }
}
