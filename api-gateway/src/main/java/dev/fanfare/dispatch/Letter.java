package dev.fanfare.dispatch;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.shard.ShardReply.Revocation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What one gateway tells another. */
sealed interface Letter {

  /** Invocations of the receiver's ended; it answers their callers and records them. */
  record Ended(List<InvocationRecord> invocations) implements Letter {}

  /** Leases of the receiver's sessions were taken. */
  record Revoked(List<Revocation> revocations) implements Letter {}

  /** Work waits at these shards that the sender has no worker for. */
  record Ready(List<Waiting> shards) implements Letter {}

  /** Classes of work that wait at one shard. */
  record Waiting(int shard, List<Requirements> classes) {}

  /** What the ends of channels say to each other whose client and worker are at two gateways. */
  record Said(List<Part> parts) implements Letter {}

  /**
   * Of one invocation's channels.
   *
   * @param toClient whether the function's side says it
   * @param last whether this side says nothing more
   * @param events may be none
   */
  record Part(Held lease, boolean toClient, boolean last, byte[] events) {}

  /** The workers of the sender. */
  record Roster(List<WorkerView> workers) implements Letter {}

  /** As bytes. */
  default byte[] bytes() {
    var bytes = new ByteArrayOutputStream();
    try {
      write(new WireOutput(new DataOutputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void write(WireOutput out) throws IOException {
    switch (this) {
      case Ended ended -> {
        out.kind(0);
        out.list(ended.invocations(), out::record);
      }
      case Revoked revoked -> {
        out.kind(1);
        out.list(revoked.revocations(), revocation -> write(out, revocation));
      }
      case Ready ready -> {
        out.kind(2);
        out.list(
            ready.shards(),
            waiting -> {
              out.number(waiting.shard());
              out.list(waiting.classes(), out::requirements);
            });
      }
      case Roster roster -> {
        out.kind(3);
        out.list(roster.workers(), worker -> write(out, worker));
      }
      case Said said -> {
        out.kind(4);
        out.list(said.parts(), part -> write(out, part));
      }
    }
  }

  /**
   * Reads a letter.
   *
   * @throws UncheckedIOException if it is none, or of another version
   */
  static Letter read(byte[] bytes) {
    try {
      var in = new WireInput(new DataInputStream(new ByteArrayInputStream(bytes)));
      int kind = in.kind();
      return switch (kind) {
        case 0 -> new Ended(in.list(in::record));
        case 1 -> new Revoked(in.list(() -> revocation(in)));
        case 2 -> new Ready(in.list(() -> new Waiting(in.integer(), in.list(in::requirements))));
        case 3 -> new Roster(in.list(() -> worker(in)));
        case 4 -> new Said(in.list(() -> part(in)));
        default -> throw WireInput.unknown("letter", kind);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(WireOutput out, Part part) throws IOException {
    out.id(part.lease().id());
    out.number(part.lease().fence());
    out.bool(part.toClient());
    out.bool(part.last());
    out.bytes(part.events());
  }

  private static Part part(WireInput in) throws IOException {
    return new Part(new Held(in.id(), in.number()), in.bool(), in.bool(), in.bytes());
  }

  private static void write(WireOutput out, Revocation revocation) throws IOException {
    out.text(revocation.gateway().value());
    out.text(revocation.session().value());
    out.id(revocation.lease().id());
    out.number(revocation.lease().fence());
    out.text(revocation.reason());
  }

  private static Revocation revocation(WireInput in) throws IOException {
    return new Revocation(
        new NodeId(in.text()), new SessionId(in.text()), new Held(in.id(), in.number()), in.text());
  }

  private static void write(WireOutput out, WorkerView worker) throws IOException {
    out.worker(worker.profile());
    out.text(worker.session().value());
    out.text(worker.peer());
    out.number(worker.free());
    out.number(worker.running());
    out.number(worker.runtimes());
    out.number(worker.blankRuntimes());
    out.number(Double.doubleToLongBits(worker.load()));
    out.number(worker.connectedAt());
    out.bool(worker.draining());
  }

  private static WorkerView worker(WireInput in) throws IOException {
    return new WorkerView(
        in.worker(),
        new SessionId(in.text()),
        in.text(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        Double.longBitsToDouble(in.number()),
        in.number(),
        in.bool());
  }
}
