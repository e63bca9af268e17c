package dev.fanfare.runtime;

import dev.fanfare.capture.Capture;
import dev.fanfare.channel.Conversation;
import dev.fanfare.channel.RemoteFault;
import dev.fanfare.code.LoadedFunction;
import dev.fanfare.code.LoadedRevision;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.json.BodySource;
import dev.fanfare.json.ResultSink;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Usage;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One attempt, from its lease to its settlement. Runs once, on one thread. */
final class Attempt {
  private final Lease lease;
  private final Home home;
  private final Capture capture;
  private @Nullable Thread thread;
  private @Nullable Conversation conversation;
  private @Nullable String revoked;

  /** What all attempts of a revision share. */
  record Home(
      LoadedRevision code, Path blobs, long resultLimit, Meter meter, Outbox outbox, Talks talks) {}

  Attempt(Lease lease, Home home) {
    this.lease = lease;
    this.home = home;
    this.capture = new Capture(lease.id(), lease.fence(), home.outbox()::line);
  }

  boolean is(Held held) {
    return lease.fence() == held.fence() && lease.id().equals(held.id());
  }

  Held held() {
    return new Held(lease.id(), lease.fence());
  }

  Capture capture() {
    return capture;
  }

  /** Interrupts it if it runs; if it has yet to begin, it ends before it calls the function. */
  synchronized void revoke(String reason) {
    revoked = reason;
    if (thread != null) {
      thread.interrupt();
    }
    if (conversation != null) {
      // An end would let the function return as if its client had ended.
      conversation.otherSideFailed(RemoteFault.of("cancelled", reason));
    }
  }

  /** Runs the function and tells how that ended; never throws. */
  Settlement run() {
    long started = System.nanoTime();
    long processor = home.meter().processorNanos();
    Outcome outcome;
    try (var sink = new ResultSink(home.blobs(), home.resultLimit())) {
      begin();
      outcome = new Outcome.Success(call(sink, started));
    } catch (Throwable thrown) {
      outcome = failure(thrown);
    }
    finish();
    capture.end();
    long micros = (System.nanoTime() - started) / 1_000;
    long processorMicros = (home.meter().processorNanos() - processor) / 1_000;
    return new Settlement(
        lease.id(), lease.fence(), outcome, usage(outcome, micros, processorMicros));
  }

  private Payload call(ResultSink sink, long started) throws Throwable {
    LoadedFunction function = home.code().function(lease.function());
    var body = new BodySource(lease.payload(), home.blobs());
    var invocation = new RunningInvocation(lease, capture, started);
    // No switch: linking one would be a part of every cold start.
    return function instanceof LoadedFunction.Called called
        ? called.call(body, invocation, sink)
        : converse((LoadedFunction.Conversing) function, body, invocation);
  }

  private Payload converse(
      LoadedFunction.Conversing function, BodySource body, RunningInvocation invocation)
      throws Throwable {
    Conversation talk = home.talks().begin(held(), function, capture);
    try {
      begin(talk);
      function.converse(body, invocation, talk);
      talk.awaitCallbacks();
      talk.finish();
    } finally {
      talk.otherSideEnded("the invocation has ended");
      home.talks().end(held());
    }
    return Payload.EMPTY;
  }

  private synchronized void begin(Conversation talk) throws InterruptedException {
    if (revoked != null) {
      throw new InterruptedException(revoked);
    }
    conversation = talk;
  }

  private synchronized void begin() throws InterruptedException {
    if (revoked != null) {
      throw new InterruptedException(revoked);
    }
    thread = Thread.currentThread();
  }

  /** From here on nobody interrupts this thread for the attempt's sake. */
  @SuppressWarnings("ResultOfMethodCallIgnored") // the flag is to be cleared
  private synchronized void finish() {
    thread = null;
    Thread.interrupted();
  }

  private synchronized Outcome failure(Throwable thrown) {
    // That a class is spoiled now is told also of an attempt that was stopped.
    if (revoked != null && !(thrown instanceof ExceptionInInitializerError)) {
      return new Outcome.Cancelled(revoked);
    }
    try {
      return new Outcome.Failure(Faults.of(thrown));
    } catch (Throwable e) {
      // The stack overflowed, or the memory ran out again, while the first was told.
      return Outcome.Failure.of(
          dev.fanfare.protocol.FailureCode.USER_FAULT, thrown.getClass().getName());
    }
  }

  private Usage usage(Outcome outcome, long micros, long processorMicros) {
    long out = outcome instanceof Outcome.Success success ? success.result().size() : 0;
    return new Usage(
        0,
        micros,
        Math.min(processorMicros, micros),
        home.meter().peakMemory(micros),
        lease.payload().size(),
        out);
  }
}
