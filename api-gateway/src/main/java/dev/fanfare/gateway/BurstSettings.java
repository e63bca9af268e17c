package dev.fanfare.gateway;

import dev.fanfare.burst.BurstOptions;
import dev.fanfare.burst.Revival;
import dev.fanfare.burst.Work;
import dev.fanfare.journal.BurstHead;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.Target;
import dev.fanfare.sharing.Words;
import java.util.Optional;

/** What a request that began a burst said, as bytes, so that another gateway can go on with it. */
record BurstSettings(CallOptions call, BurstOptions burst) {

  byte[] write() {
    return Words.write(
        out -> {
          out.text(call.callId());
          out.text(call.traceparent());
          out.number(call.priority());
          out.requirements(Requirements.NONE.and(call.constraints()));
          out.number(call.timeoutMicros());
          out.number(call.deadline());
          out.number(call.notBefore());
          out.number(burst.mostInFlight());
          out.number(burst.chunk());
          out.text(burst.contentType());
          out.bool(burst.rerunSlow());
        });
  }

  static BurstSettings read(byte[] bytes) {
    return Words.read(
        bytes,
        in ->
            new BurstSettings(
                new CallOptions(
                    in.text(),
                    "",
                    in.text(),
                    in.integer(),
                    in.requirements().constraints(),
                    in.number(),
                    in.number(),
                    in.number()),
                new BurstOptions(false, true, in.integer(), in.integer(), in.text(), in.bool())));
  }

  /** Goes on with bursts that another gateway began. */
  static Revival revival(FunctionCalls calls) {
    return head -> revived(calls, head);
  }

  private static Optional<Revival.Revived> revived(FunctionCalls calls, BurstHead head) {
    var settings = read(head.settings());
    var revision =
        new FunctionReference(
            head.function(), Optional.empty(), Optional.of(head.revision().toString()));
    Optional<Target> target = calls.platform().node().registry().resolve(head.tenant(), revision);
    return target.map(
        found -> {
          Work work = BurstRequest.work(calls, found, settings.call(), settings.burst());
          return new Revival.Revived(work, settings.burst());
        });
  }
}
