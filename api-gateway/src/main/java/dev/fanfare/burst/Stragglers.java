package dev.fanfare.burst;

import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.shard.Submission;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Runs the slow tail of a burst a second time on another worker: once nine tenths of its items have
 * ended, every invocation that runs three times as long as the median of those, and 100 ms at
 * least, as Apache Spark does by default. Only on the dispatcher's context.
 */
final class Stragglers {
  private static final double TAIL = 0.9;
  private static final double MULTIPLE = 3;
  private static final long LEAST_MICROS = 100_000;
  private static final int MOST_AT_A_TIME = 64;
  private static final long LOOK_MILLIS = 100;
  private static final String WORKER = "worker";

  private final Dispatcher dispatcher;
  private final Work work;
  private final Flights flights;
  private final Figures figures;
  private final LongSupplier now;
  private final long timer;

  /** Looks every now and then, until {@link #stop}. */
  Stragglers(Dispatcher dispatcher, Work work, Flights flights, Figures figures, LongSupplier now) {
    this.dispatcher = dispatcher;
    this.work = work;
    this.flights = flights;
    this.figures = figures;
    this.now = now;
    this.timer =
        dispatcher.context().owner().setPeriodic(LOOK_MILLIS, look -> dispatcher.run(this::look));
  }

  void stop() {
    dispatcher.context().owner().cancelTimer(timer);
  }

  private void look() {
    if (figures.ended() == 0 || figures.ended() < (long) (TAIL * figures.submitted)) {
      return;
    }
    for (Flight flight : flights.some(MOST_AT_A_TIME)) {
      if (single(flight)) {
        dispatcher
            .find(work.target().tenant(), flight.id)
            .onSuccess(found -> dispatcher.run(() -> judge(flight, found)));
      }
    }
  }

  private static boolean single(Flight flight) {
    return flight.admitted
        && !flight.settled
        && flight.twin == null
        && flight.elsewhereThan == null;
  }

  private void judge(Flight flight, Optional<InvocationRecord> found) {
    if (found.isEmpty() || !single(flight)) {
      return;
    }
    InvocationRecord invocation = found.get();
    boolean running = invocation.state() == InvocationState.RUNNING && invocation.startedAt() != 0;
    if (running && now.getAsLong() - invocation.startedAt() > patience(flight)) {
      invocation.worker().ifPresent(worker -> again(flight, worker));
    }
  }

  private double patience(Flight flight) {
    double median = figures.run.percentile(0.5) * (double) flight.pieces.size();
    return Math.max(LEAST_MICROS, MULTIPLE * median);
  }

  private void again(Flight flight, WorkerId slow) {
    if (dispatcher.slots(work.requirements().and(otherThan(slow))) > 0) {
      figures.rerun++;
      flights.launchTwin(flight, slow);
    }
  }

  /** The same for any other worker. */
  static Submission elsewhere(Submission submission, WorkerId than) {
    return new Submission(
        submission.id(),
        submission.target(),
        submission.requirements().and(otherThan(than)),
        submission.origin(),
        submission.async(),
        submission.priority(),
        submission.retries(),
        submission.timeoutMicros(),
        submission.notBefore(),
        submission.expiresAt(),
        submission.deadline(),
        submission.callId(),
        submission.traceparent(),
        submission.payload());
  }

  private static List<Constraint> otherThan(WorkerId worker) {
    return List.of(new Constraint(WORKER, Constraint.Operator.NOT_EQUAL, List.of(worker.value())));
  }
}
