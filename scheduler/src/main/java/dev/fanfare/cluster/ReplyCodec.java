package dev.fanfare.cluster;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.shard.Grant;
import dev.fanfare.shard.Mark;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.ShardCounts;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.ShardReply.Revocation;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** A {@link ShardReply} between members. */
final class ReplyCodec {
  private static final Reply.Admission[] ADMISSIONS = Reply.Admission.values();
  private static final Grant.Uses[] USES = Grant.Uses.values();
  private static final Reply.Cancellation[] CANCELLATIONS = Reply.Cancellation.values();
  private static final FailureCode[] FAILURE_CODES = FailureCode.values();

  private ReplyCodec() {}

  static void write(DataOutput data, ShardReply reply) throws IOException {
    WireOutput out = new WireOutput(data);
    out.list(reply.replies(), part -> write(out, part));
    out.list(reply.grants(), grant -> write(out, grant));
    out.list(reply.ended(), out::record);
    out.list(reply.revocations(), revocation -> write(out, revocation));
    out.list(reply.marks(), mark -> write(out, mark));
    out.list(reply.unattached(), out::session);
    out.number(reply.nextDue());
    out.list(reply.waiting(), out::requirements);
  }

  static ShardReply read(DataInput data) throws IOException {
    WireInput in = new WireInput(data);
    return new ShardReply(
        in.list(() -> reply(in)),
        in.list(() -> grant(in)),
        in.list(in::record),
        in.list(() -> revocation(in)),
        in.list(() -> mark(in)),
        in.list(in::session),
        in.number(),
        in.list(in::requirements));
  }

  private static void write(WireOutput out, Mark mark) throws IOException {
    out.id(mark.id());
    out.node(mark.origin());
    out.number(mark.attempts());
    out.number(mark.losses());
    out.number(mark.fence());
    out.number(mark.dueAt());
    out.bool(mark.running());
  }

  private static Mark mark(WireInput in) throws IOException {
    return new Mark(
        in.id(), in.node(), in.integer(), in.integer(), in.number(), in.number(), in.bool());
  }

  private static void write(WireOutput out, Reply reply) throws IOException {
    switch (reply) {
      case Reply.Done _ -> out.kind(0);
      case Reply.Admissions admissions -> {
        out.kind(1);
        out.list(admissions.admissions(), out::kind);
      }
      case Reply.Settled settled -> {
        out.kind(2);
        out.list(settled.stale(), held -> BatchCodec.write(out, held));
      }
      case Reply.Adopted adopted -> {
        out.kind(3);
        out.list(adopted.held(), held -> BatchCodec.write(out, held));
      }
      case Reply.Cancelled cancelled -> {
        out.kind(4);
        out.list(cancelled.cancellations(), out::kind);
      }
      case Reply.Found found -> {
        out.kind(5);
        out.list(found.records(), out::record);
      }
      case Reply.Counted counted -> {
        out.kind(6);
        write(out, counted.counts());
      }
    }
  }

  private static Reply reply(WireInput in) throws IOException {
    int kind = in.kind();
    return switch (kind) {
      case 0 -> new Reply.Done();
      case 1 -> new Reply.Admissions(in.list(() -> in.kind(ADMISSIONS)));
      case 2 -> new Reply.Settled(in.list(() -> BatchCodec.held(in)));
      case 3 -> new Reply.Adopted(in.list(() -> BatchCodec.held(in)));
      case 4 -> new Reply.Cancelled(in.list(() -> in.kind(CANCELLATIONS)));
      case 5 -> new Reply.Found(in.list(in::record));
      case 6 -> new Reply.Counted(counts(in));
      default -> throw WireInput.unknown("reply", kind);
    };
  }

  private static void write(WireOutput out, Grant grant) throws IOException {
    Lease lease = grant.lease();
    out.session(grant.session());
    out.id(lease.id());
    out.number(lease.fence());
    out.number(lease.attempt());
    out.revision(lease.revision());
    out.function(lease.function());
    out.payload(lease.payload());
    out.number(lease.timeoutMicros());
    out.text(lease.callId());
    out.text(lease.traceparent());
    out.bool(lease.alone());
    out.kind(grant.uses());
    out.number(grant.submittedAt());
    out.number(grant.leasedAt());
  }

  private static Grant grant(WireInput in) throws IOException {
    return new Grant(
        in.session(),
        new Lease(
            in.id(),
            in.number(),
            in.integer(),
            in.revision(),
            in.function(),
            in.payload(),
            in.number(),
            in.text(),
            in.text(),
            in.bool()),
        in.kind(USES),
        in.number(),
        in.number());
  }

  private static void write(WireOutput out, Revocation revocation) throws IOException {
    out.node(revocation.gateway());
    out.session(revocation.session());
    BatchCodec.write(out, revocation.lease());
    out.text(revocation.reason());
  }

  private static Revocation revocation(WireInput in) throws IOException {
    return new Revocation(in.node(), in.session(), BatchCodec.held(in), in.text());
  }

  private static void write(WireOutput out, ShardCounts counts) throws IOException {
    out.number(counts.accepted());
    out.number(counts.scheduled());
    out.number(counts.queued());
    out.number(counts.running());
    out.number(counts.succeeded());
    out.number(counts.cancelled());
    out.list(
        counts.failed().entrySet(),
        failed -> {
          out.kind(failed.getKey());
          out.number(failed.getValue());
        });
    out.number(counts.leased());
    out.number(counts.retried());
    out.number(counts.retained());
    out.number(counts.queuedBytes());
    out.number(counts.oldestQueuedAt());
    out.list(
        counts.queuedByFunction().entrySet(),
        queued -> {
          out.function(queued.getKey());
          out.number(queued.getValue());
        });
  }

  private static ShardCounts counts(WireInput in) throws IOException {
    return new ShardCounts(
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        failed(in),
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        queued(in));
  }

  private static Map<FailureCode, Long> failed(WireInput in) throws IOException {
    Map<FailureCode, Long> failed = new HashMap<>();
    in.list(() -> Map.entry(in.kind(FAILURE_CODES), in.number()))
        .forEach(entry -> failed.put(entry.getKey(), entry.getValue()));
    return failed;
  }

  private static Map<FunctionName, Long> queued(WireInput in) throws IOException {
    Map<FunctionName, Long> queued = new HashMap<>();
    in.list(() -> Map.entry(in.function(), in.number()))
        .forEach(entry -> queued.put(entry.getKey(), entry.getValue()));
    return queued;
  }
}
