package dev.fanfare.cluster;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.shard.Offer;
import dev.fanfare.shard.Pauses;
import dev.fanfare.shard.Resumption;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import dev.fanfare.shard.WarmKey;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A {@link ShardBatch} between members. */
final class BatchCodec {
  private BatchCodec() {}

  static void write(DataOutput data, ShardBatch batch) throws IOException {
    WireOutput out = new WireOutput(data);
    out.list(batch.transitions(), transition -> write(out, transition));
    out.list(batch.offers(), offer -> write(out, offer));
  }

  static ShardBatch read(DataInput data) throws IOException {
    WireInput in = new WireInput(data);
    return new ShardBatch(in.list(() -> transition(in)), in.list(() -> offer(in)));
  }

  private static void write(WireOutput out, Transition transition) throws IOException {
    switch (transition) {
      case Transition.Submit submit -> {
        out.kind(0);
        out.list(submit.submissions(), submission -> write(out, submission));
      }
      case Transition.Settle settle -> {
        out.kind(1);
        out.session(settle.session());
        out.list(settle.settlements(), settlement -> write(out, settlement));
      }
      case Transition.Return giveBack -> {
        out.kind(2);
        out.session(giveBack.session());
        out.list(giveBack.leases(), held -> write(out, held));
      }
      case Transition.Attach attach -> {
        out.kind(3);
        out.session(attach.session());
        out.worker(attach.worker());
        out.node(attach.gateway());
        out.number(attach.leaseMicros());
      }
      case Transition.Detach detach -> {
        out.kind(4);
        out.session(detach.session());
      }
      case Transition.Adopt adopt -> {
        out.kind(5);
        out.session(adopt.session());
        out.list(adopt.leases(), held -> write(out, held));
      }
      case Transition.Renew renew -> {
        out.kind(6);
        out.list(renew.sessions(), out::session);
      }
      case Transition.Cancel cancel -> {
        out.kind(7);
        out.list(cancel.ids(), out::id);
        out.text(cancel.reason());
      }
      case Transition.Tick _ -> out.kind(8);
      case Transition.Forget forget -> {
        out.kind(9);
        out.list(forget.ids(), out::id);
      }
      case Transition.Find find -> {
        out.kind(10);
        out.list(find.ids(), out::id);
      }
      case Transition.Scan scan -> {
        out.kind(11);
        out.number(scan.limit());
      }
      case Transition.Count _ -> out.kind(12);
      case Transition.Pause(Pauses pauses) -> {
        out.kind(13);
        pauses.write(out);
      }
    }
  }

  private static Transition transition(WireInput in) throws IOException {
    int kind = in.kind();
    return switch (kind) {
      case 0 -> new Transition.Submit(in.list(() -> submission(in)));
      case 1 -> new Transition.Settle(in.session(), in.list(() -> settlement(in)));
      case 2 -> new Transition.Return(in.session(), in.list(() -> held(in)));
      case 3 -> new Transition.Attach(in.session(), in.worker(), in.node(), in.number());
      case 4 -> new Transition.Detach(in.session());
      case 5 -> new Transition.Adopt(in.session(), in.list(() -> held(in)));
      case 6 -> new Transition.Renew(in.list(in::session));
      case 7 -> new Transition.Cancel(in.list(in::id), in.text());
      case 8 -> new Transition.Tick();
      case 9 -> new Transition.Forget(in.list(in::id));
      case 10 -> new Transition.Find(in.list(in::id));
      case 11 -> new Transition.Scan(in.integer());
      case 12 -> new Transition.Count();
      case 13 -> new Transition.Pause(Pauses.read(in));
      default -> throw WireInput.unknown("transition", kind);
    };
  }

  private static void write(WireOutput out, Submission submission) throws IOException {
    out.id(submission.id());
    out.target(submission.target());
    out.requirements(submission.requirements());
    out.node(submission.origin());
    out.bool(submission.async());
    out.number(submission.priority());
    out.number(submission.retries());
    out.number(submission.timeoutMicros());
    out.number(submission.notBefore());
    out.number(submission.expiresAt());
    out.number(submission.deadline());
    out.text(submission.callId());
    out.text(submission.traceparent());
    out.payload(submission.payload());
    write(out, submission.resumed());
  }

  private static Submission submission(WireInput in) throws IOException {
    return new Submission(
        in.id(),
        in.target(),
        in.requirements(),
        in.node(),
        in.bool(),
        in.integer(),
        in.integer(),
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.text(),
        in.text(),
        in.payload(),
        resumption(in));
  }

  private static void write(WireOutput out, Resumption resumed) throws IOException {
    boolean again = !resumed.equals(Resumption.NONE);
    out.bool(again);
    if (again) {
      out.number(resumed.submittedAt());
      out.number(resumed.attempts());
      out.number(resumed.losses());
      out.number(resumed.fence());
      out.number(resumed.dueAt());
    }
  }

  private static Resumption resumption(WireInput in) throws IOException {
    return in.bool()
        ? new Resumption(in.number(), in.integer(), in.integer(), in.number(), in.number())
        : Resumption.NONE;
  }

  private static void write(WireOutput out, Settlement settlement) throws IOException {
    out.id(settlement.id());
    out.number(settlement.fence());
    out.outcome(settlement.outcome());
    out.usage(settlement.usage());
  }

  private static Settlement settlement(WireInput in) throws IOException {
    return new Settlement(in.id(), in.number(), in.outcome(), in.usage());
  }

  private static void write(WireOutput out, Offer offer) throws IOException {
    out.session(offer.session());
    out.number(offer.free());
    out.list(
        offer.warm(),
        warm -> {
          out.revision(warm.revision());
          out.function(warm.function());
          out.number(warm.count());
        });
    out.number(offer.guests());
    out.list(offer.atHome(), function -> write(out, function));
    out.list(offer.full(), function -> write(out, function));
  }

  private static Offer offer(WireInput in) throws IOException {
    return new Offer(
        in.session(),
        in.integer(),
        in.list(() -> new Offer.Warm(in.revision(), in.function(), in.integer())),
        in.integer(),
        in.list(() -> function(in)),
        in.list(() -> function(in)));
  }

  private static void write(WireOutput out, WarmKey function) throws IOException {
    out.revision(function.revision());
    out.function(function.function());
  }

  private static WarmKey function(WireInput in) throws IOException {
    return new WarmKey(in.revision(), in.function());
  }

  static void write(WireOutput out, Held held) throws IOException {
    out.id(held.id());
    out.number(held.fence());
  }

  static Held held(WireInput in) throws IOException {
    return new Held(in.id(), in.number());
  }
}
