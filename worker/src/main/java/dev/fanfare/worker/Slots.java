package dev.fanfare.worker;

import dev.fanfare.cache.BlobCache;
import dev.fanfare.cache.CachedRevision;
import dev.fanfare.frame.Frame.Events;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.LogLine;
import dev.fanfare.hosting.Exit;
import dev.fanfare.hosting.StartedRuntime;
import dev.fanfare.protocol.Builtins;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionKind;
import dev.fanfare.protocol.Usage;
import dev.fanfare.worker.TrackedAttempt.Ending;
import dev.fanfare.worker.TrackedAttempt.Uses;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which runtime runs what: gives attempts their places, hears how they end. Only on the agent's
 * context.
 */
final class Slots {
  private static final Logger log = LoggerFactory.getLogger(Slots.class);

  /** While the wait in a runtime is shorter than this, it is not worth waking a second one. */
  private static final double SHORT_WAIT_MICROS = 500;

  /** A wait longer than this is worth starting a further runtime for. */
  private static final double LONG_WAIT_MICROS = 2_000;

  private final WorkerConfiguration configuration;
  private final Reports reports;
  private final Hosts hosts;
  private final Guests guests;
  private final ArrayDeque<TrackedAttempt> noSlot = new ArrayDeque<>();
  private final Set<HostedRuntime> touched = new LinkedHashSet<>();

  Slots(
      WorkerConfiguration configuration,
      BlobCache cache,
      Function<FunctionRuntimes, Future<StartedRuntime>> starter,
      Reports reports) {
    this.configuration = configuration;
    this.reports = reports;
    this.hosts = new Hosts(this, configuration, cache, starter);
    this.guests = new Guests(hosts);
  }

  Hosts hosts() {
    return hosts;
  }

  /** Attempts that came for room that is not there any more, the first that came first. */
  ArrayDeque<TrackedAttempt> waitingForSlot() {
    return noSlot;
  }

  /** Attempts that are to be handed a slot, the first that came first. */
  ArrayDeque<TrackedAttempt> guests() {
    return guests.waiting();
  }

  /** It waits for no slot any more. */
  void stopWaiting(TrackedAttempt attempt) {
    noSlot.remove(attempt);
    if (guests.waiting().remove(attempt)) {
      guests.seat();
    }
  }

  /** Slots that nothing holds or waits for. */
  int free() {
    return configuration.slots() - hosts.busy() - noSlot.size() - guests.waiting().size();
  }

  /** How many functions that hold no slot would be handed one over. */
  int guestRoom() {
    return configuration.slots() - guests.waiting().size();
  }

  int running() {
    int sum = 0;
    for (HostedRuntime runtime : hosts.all()) {
      sum += runtime.outstanding();
    }
    return sum;
  }

  // ---- placing ----

  /** Gives the attempt to a runtime, or lets it wait for a slot. */
  void place(TrackedAttempt attempt, CachedRevision revision) {
    String missing = notAllowed(attempt.lease.function());
    if (missing != null) {
      reports.failed(
          attempt, FailureCode.NO_SUCH_REVISION, "this worker was started without " + missing);
      return;
    }
    FunctionRuntimes function = hosts.known(FunctionKey.of(attempt.lease), revision);
    if (function == null) {
      reports.failed(
          attempt,
          FailureCode.NO_SUCH_REVISION,
          "revision "
              + revision.id().brief()
              + " has no function '"
              + attempt.lease.function()
              + "'");
    } else if (attempt.uses == Uses.GUEST || attempt.lease.alone()) {
      guests.add(attempt);
    } else {
      HostedRuntime runtime = choose(function, attempt.uses == Uses.WARM);
      if (runtime == null) {
        noSlot.add(attempt);
      } else {
        runtime.add(attempt);
      }
    }
  }

  /** The option without which the worker does not run the function. */
  private @Nullable String notAllowed(FunctionName function) {
    if (function.equals(Builtins.EXEC)) {
      return configuration.allowExec() ? null : "--allow-exec";
    }
    return function.equals(Builtins.SYNC) && configuration.allowSync().isEmpty()
        ? "--allow-sync"
        : null;
  }

  private @Nullable HostedRuntime choose(FunctionRuntimes function, boolean warm) {
    HostedRuntime spare = function.leastLoaded(0);
    if (spare != null) {
      return spare;
    }
    HostedRuntime ahead = function.leastLoaded(function.ahead());
    if (ahead != null && function.expectedWaitMicros(ahead) < SHORT_WAIT_MICROS) {
      return ahead;
    }
    if (hosts.slotFree()) {
      HostedRuntime idle = hosts.takeIdle(function);
      if (idle != null) {
        return idle;
      }
      if (ahead == null && !function.full()) {
        return hosts.start(function, false);
      }
      if (ahead != null
          && !function.full()
          && function.expectedWaitMicros(ahead) > LONG_WAIT_MICROS
          && !function.starting()) {
        hosts.start(function, false);
      }
    }
    return ahead != null || !warm ? ahead : function.leastLoaded(function.concurrency());
  }

  // ---- what runtimes say ----

  void touched(HostedRuntime runtime) {
    touched.add(runtime);
    reports.wake();
  }

  /** Sends the leases of this tick, one frame to each runtime. */
  void flush() {
    if (!touched.isEmpty()) {
      touched.forEach(HostedRuntime::flush);
      touched.clear();
    }
  }

  void becameReady(HostedRuntime runtime) {
    if (runtime.idle()) {
      slotFreed();
    }
    reports.wake();
  }

  void settled(HostedRuntime runtime, List<Settlement> settlements) {
    boolean spoiled = false;
    for (Settlement settlement : settlements) {
      TrackedAttempt attempt = runtime.remove(new Held(settlement.id(), settlement.fence()));
      if (attempt != null) {
        runtime.function().ran(settlement.usage().runMicros());
        reports.ended(attempt, settlement);
      }
      spoiled |= spoils(settlement);
    }
    if (spoiled) {
      runtime.kill();
    }
    afterRemoval(runtime);
  }

  /** A class whose initialiser failed stays unusable for as long as the process lives. */
  private static boolean spoils(Settlement settlement) {
    return settlement.outcome() instanceof Outcome.Failure failure
        && failure.fault().type().equals(ExceptionInInitializerError.class.getName());
  }

  void logged(List<LogLine> lines) {
    reports.logged(lines);
  }

  /** Functions say something in the channels of attempts that run. */
  void said(HostedRuntime runtime, List<Events> events) {
    for (Events said : events) {
      TrackedAttempt attempt = runtime.running(new Held(said.id(), said.fence()));
      if (attempt != null) {
        attempt.talks = true;
        reports.said(said);
      }
    }
  }

  void givenBack(HostedRuntime runtime, List<Held> leases) {
    for (Held lease : leases) {
      TrackedAttempt attempt = runtime.remove(lease);
      if (attempt != null) {
        giveBack(attempt);
      }
    }
    afterRemoval(runtime);
  }

  private void giveBack(TrackedAttempt attempt) {
    if (attempt.ending == Ending.TIMED_OUT) {
      reports.timedOut(attempt, Usage.NONE);
    } else {
      reports.giveBack(attempt);
    }
  }

  private void afterRemoval(HostedRuntime runtime) {
    if (runtime.idle()) {
      slotFreed();
      hosts.keepIdle();
    }
    reports.wake();
  }

  private void slotFreed() {
    guests.seat();
    var full = new HashSet<FunctionRuntimes>();
    for (Iterator<TrackedAttempt> all = noSlot.iterator(); all.hasNext(); ) {
      TrackedAttempt next = all.next();
      FunctionRuntimes function = hosts.function(FunctionKey.of(next.lease));
      if (function != null && !full.contains(function)) {
        HostedRuntime runtime = choose(function, next.uses == Uses.WARM);
        if (runtime == null) {
          full.add(function);
        } else {
          all.remove();
          runtime.add(next);
        }
      }
    }
  }

  /**
   * @param running those that may have begun
   * @param waiting those that surely have not
   */
  void ended(
      HostedRuntime runtime,
      Exit exit,
      List<TrackedAttempt> running,
      List<TrackedAttempt> waiting) {
    FunctionRuntimes function = runtime.function();
    hosts.gone(runtime);
    touched.remove(runtime);
    if (!running.isEmpty() && exit.cause() != Exit.Cause.KILLED) {
      log.info("{} of {} ended: {}", runtime.name(), function.key.function(), exit.words());
    }
    boolean chosen =
        exit.cause() == Exit.Cause.EXITED
            && runtime.revision().manifest().kind() == RevisionKind.SOURCE;
    boolean company = running.size() > 1 && runtime.ready() && exit.cause() != Exit.Cause.KILLED;
    running.forEach(
        attempt -> {
          if (company && attempt.ending != Ending.TIMED_OUT) {
            lostInCompany(attempt, exit, running.size());
          } else if (chosen && attempt.ending != Ending.TIMED_OUT) {
            exited(attempt, exit.code());
          } else {
            endWith(attempt, exit);
          }
        });
    if (!runtime.ready() && exit.cause() != Exit.Cause.KILLED) {
      guests.dismiss(function).forEach(attempt -> endWith(attempt, exit));
    }
    waiting.forEach(
        attempt -> {
          if (exit.cause() == Exit.Cause.UNLOADABLE) {
            endWith(attempt, exit);
          } else {
            giveBack(attempt);
          }
        });
    if (function.runtimes.isEmpty() && !isAwaited(function)) {
      hosts.forget(function);
    }
    slotFreed();
    reports.wake();
  }

  /**
   * Nobody knows which of them ended the runtime: each is run again without company, so that the
   * one that does it again is the one.
   */
  private void lostInCompany(TrackedAttempt attempt, Exit exit, int together) {
    String words =
        "its runtime, which %d invocations shared, was lost: %s".formatted(together, exit.words());
    reports.ended(
        attempt,
        new Settlement(
            attempt.lease.id(),
            attempt.lease.fence(),
            Outcome.Failure.of(FailureCode.WORKER_LOST, words),
            ranSoFar(attempt)));
  }

  /** A main method may end its process: with 0 it succeeded. */
  private void exited(TrackedAttempt attempt, int code) {
    String words = "it ended with exit code " + code;
    Outcome outcome =
        code == 0
            ? new Outcome.Success(Payload.EMPTY)
            : new Outcome.Failure(new Fault(FailureCode.USER_FAULT, "System.exit", words, "", 0));
    reports.ended(
        attempt,
        new Settlement(attempt.lease.id(), attempt.lease.fence(), outcome, ranSoFar(attempt)));
  }

  private boolean isAwaited(FunctionRuntimes function) {
    return Stream.concat(noSlot.stream(), guests.waiting().stream())
        .anyMatch(attempt -> FunctionKey.of(attempt.lease).equals(function.key));
  }

  private void endWith(TrackedAttempt attempt, Exit exit) {
    if (attempt.ending == Ending.TIMED_OUT) {
      reports.timedOut(attempt, ranSoFar(attempt));
    } else if (exit.cause() == Exit.Cause.KILLED && attempt.talks) {
      reports.failed(
          attempt,
          FailureCode.WORKER_LOST,
          "its runtime was ended for another invocation's sake, and what has talked is not run"
              + " again");
    } else if (exit.cause() == Exit.Cause.KILLED) {
      // Ended for another attempt's sake, or by the worker's own end.
      reports.giveBack(attempt);
    } else {
      FailureCode code =
          switch (exit.cause()) {
            case OUT_OF_MEMORY -> FailureCode.OUT_OF_MEMORY;
            case UNLOADABLE -> FailureCode.NO_SUCH_REVISION;
            case EXITED, CRASHED, KILLED -> FailureCode.CRASHED;
          };
      var outcome = Outcome.Failure.of(code, exit.words());
      reports.ended(
          attempt,
          new Settlement(attempt.lease.id(), attempt.lease.fence(), outcome, ranSoFar(attempt)));
    }
  }

  private static Usage ranSoFar(TrackedAttempt attempt) {
    long micros =
        attempt.startedNanos == 0 ? 0 : (System.nanoTime() - attempt.startedNanos) / 1_000;
    return new Usage(0, micros, 0, 0, attempt.lease.payload().size(), 0);
  }
}
