package dev.fanfare.worker;

import dev.fanfare.cache.BlobCache;
import dev.fanfare.cache.CachedRevision;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.LogLine;
import dev.fanfare.function.Isolation;
import dev.fanfare.hosting.Exit;
import dev.fanfare.hosting.StartedRuntime;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.RevisionKind;
import dev.fanfare.protocol.Usage;
import dev.fanfare.worker.TrackedAttempt.Ending;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtimes of this worker, and which of them runs what. A runtime that runs or starts something
 * holds a slot; idle ones stay warm up to a number. Only on the agent's context.
 */
final class Slots {
  private static final Logger log = LoggerFactory.getLogger(Slots.class);

  /** While the wait in a runtime is shorter than this, it is not worth waking a second one. */
  private static final double SHORT_WAIT_MICROS = 500;

  /** A wait longer than this is worth starting a further runtime for. */
  private static final double LONG_WAIT_MICROS = 2_000;

  private final WorkerConfiguration configuration;
  private final BlobCache cache;
  private final Function<FunctionSpec, Future<StartedRuntime>> starter;
  private final Reports reports;
  private final Map<FunctionKey, FunctionRuntimes> functions = new HashMap<>();
  private final List<HostedRuntime> runtimes = new ArrayList<>();
  private final ArrayDeque<TrackedAttempt> noSlot = new ArrayDeque<>();
  private final Set<HostedRuntime> touched = new LinkedHashSet<>();
  private long resultLimitBytes = 64L << 20;

  Slots(
      WorkerConfiguration configuration,
      BlobCache cache,
      Function<FunctionSpec, Future<StartedRuntime>> starter,
      Reports reports) {
    this.configuration = configuration;
    this.cache = cache;
    this.starter = starter;
    this.reports = reports;
  }

  void limitResults(long bytes) {
    resultLimitBytes = bytes;
  }

  List<HostedRuntime> runtimes() {
    return runtimes;
  }

  Iterable<FunctionRuntimes> functions() {
    return functions.values();
  }

  ArrayDeque<TrackedAttempt> waitingForSlot() {
    return noSlot;
  }

  /** Slots that nothing holds or waits for. */
  int free() {
    return configuration.slots() - busy() - noSlot.size();
  }

  int running() {
    int sum = 0;
    for (HostedRuntime runtime : runtimes) {
      sum += runtime.outstanding();
    }
    return sum;
  }

  private int busy() {
    int busy = 0;
    for (HostedRuntime runtime : runtimes) {
      busy += runtime.idle() ? 0 : 1;
    }
    return busy;
  }

  private boolean slotFree() {
    return busy() < configuration.slots();
  }

  // ---- placing ----

  /** Gives the attempt to a runtime, or lets it wait for a slot. */
  void place(TrackedAttempt attempt, CachedRevision revision) {
    FunctionRuntimes function = function(attempt, revision);
    if (function == null) {
      reports.failed(
          attempt,
          FailureCode.NO_SUCH_REVISION,
          "revision "
              + revision.id().brief()
              + " has no function '"
              + attempt.lease.function()
              + "'");
      return;
    }
    HostedRuntime runtime = choose(function, attempt.warm);
    if (runtime == null) {
      noSlot.add(attempt);
    } else {
      runtime.add(attempt);
    }
  }

  private @Nullable FunctionRuntimes function(TrackedAttempt attempt, CachedRevision revision) {
    FunctionKey key = FunctionKey.of(attempt.lease);
    FunctionRuntimes known = functions.get(key);
    if (known == null) {
      FunctionSpec spec = revision.manifest().function(key.function()).orElse(null);
      if (spec != null) {
        known = new FunctionRuntimes(key, revision, spec);
        functions.put(key, known);
      }
    }
    return known;
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
    if (slotFree()) {
      HostedRuntime idle = idleFor(function);
      if (idle != null) {
        return idle;
      }
      if (ahead == null) {
        return start(function);
      }
      if (function.expectedWaitMicros(ahead) > LONG_WAIT_MICROS && !function.starting()) {
        start(function);
      }
    }
    return ahead != null || !warm ? ahead : function.leastLoaded(function.concurrency());
  }

  /** A warm runtime of the function, else one of its revision that can serve it. */
  private @Nullable HostedRuntime idleFor(FunctionRuntimes function) {
    HostedRuntime best = null;
    for (HostedRuntime runtime : runtimes) {
      if (runtime.idle() && runtime.function() == function) {
        return runtime;
      }
      if (runtime.idle() && canServe(runtime, function)) {
        best = runtime;
      }
    }
    if (best != null) {
      best.serve(function);
    }
    return best;
  }

  private static boolean canServe(HostedRuntime runtime, FunctionRuntimes function) {
    return runtime.revision().id().equals(function.revision.id())
        && runtime.function().policy().memoryBytes() == function.policy().memoryBytes()
        && runtime.function().policy().requirements().isolation()
            == function.policy().requirements().isolation();
  }

  /**
   * Starts a runtime of the revision before there is work for it, if it has none and others need
   * not make room.
   */
  void prepare(CachedRevision revision) {
    if (runtimes.stream().anyMatch(runtime -> runtime.revision().id().equals(revision.id()))
        || idleCount() >= configuration.idleRuntimes()) {
      return;
    }
    revision.manifest().functions().stream()
        .filter(Slots::suitsBlank)
        .findFirst()
        .ifPresent(
            spec -> {
              var key = new FunctionKey(revision.id(), spec.name());
              start(
                  functions.computeIfAbsent(
                      key, absent -> new FunctionRuntimes(key, revision, spec)),
                  true);
            });
  }

  private static boolean suitsBlank(FunctionSpec spec) {
    return spec.policy().memoryBytes() == Policy.DEFAULT_MEMORY_BYTES
        && spec.policy().requirements().isolation() == Isolation.PROCESS;
  }

  private long idleCount() {
    return runtimes.stream().filter(HostedRuntime::idle).count();
  }

  private HostedRuntime start(FunctionRuntimes function) {
    return start(function, false);
  }

  private HostedRuntime start(FunctionRuntimes function, boolean ahead) {
    keepIdle(configuration.idleRuntimes() - 1);
    var runtime = new HostedRuntime(this, function, ahead);
    runtimes.add(runtime);
    function.runtimes.add(runtime);
    CachedRevision revision = function.revision;
    cache.use(revision.manifest().artifact());
    starter
        .apply(function.spec)
        .onSuccess(started -> runtime.host(started, load(revision)))
        .onFailure(
            failure ->
                runtime.ended(
                    new Exit(
                        Exit.Cause.CRASHED,
                        "a runtime for it did not start: " + failure.getMessage())));
    return runtime;
  }

  private Frame.Load load(CachedRevision revision) {
    return new Frame.Load(
        revision.id(),
        revision.manifestFile().toString(),
        revision.artifactFile().toString(),
        cache.folder().toString(),
        resultLimitBytes);
  }

  /** Ends runtimes that have had nothing to do since then. */
  void endIdle(long sinceNanos) {
    runtimes.stream()
        .filter(runtime -> runtime.ready() && runtime.idle())
        .filter(runtime -> runtime.lastNewsNanos() - sinceNanos < 0)
        .toList()
        .forEach(HostedRuntime::kill);
  }

  /** Ends the idle runtimes used longest ago until no more than this many are left. */
  private void keepIdle(int most) {
    List<HostedRuntime> idle =
        runtimes.stream()
            .filter(HostedRuntime::idle)
            .sorted(Comparator.comparingLong(HostedRuntime::lastNewsNanos))
            .toList();
    for (int i = 0; i < idle.size() - Math.max(0, most); i++) {
      idle.get(i).kill();
    }
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
      keepIdle(configuration.idleRuntimes());
    }
    reports.wake();
  }

  private void slotFreed() {
    for (TrackedAttempt next = noSlot.poll(); next != null; next = noSlot.poll()) {
      FunctionRuntimes function = functions.get(FunctionKey.of(next.lease));
      HostedRuntime runtime = function == null ? null : choose(function, next.warm);
      if (runtime == null) {
        noSlot.addFirst(next);
        return;
      }
      runtime.add(next);
    }
  }

  void ended(
      HostedRuntime runtime,
      Exit exit,
      List<TrackedAttempt> running,
      List<TrackedAttempt> waiting) {
    runtimes.remove(runtime);
    touched.remove(runtime);
    cache.release(runtime.revision().manifest().artifact());
    if (!running.isEmpty() && exit.cause() != Exit.Cause.KILLED) {
      log.info(
          "{} of {} ended: {}", runtime.name(), runtime.function().key.function(), exit.words());
    }
    boolean chosen =
        exit.cause() == Exit.Cause.EXITED
            && runtime.revision().manifest().kind() == RevisionKind.SOURCE;
    running.forEach(
        attempt -> {
          if (chosen && attempt.ending != Ending.TIMED_OUT) {
            exited(attempt, exit.code());
          } else {
            endWith(attempt, exit);
          }
        });
    waiting.forEach(
        attempt -> {
          if (exit.cause() == Exit.Cause.UNLOADABLE) {
            endWith(attempt, exit);
          } else {
            giveBack(attempt);
          }
        });
    if (runtime.function().runtimes.isEmpty() && runtime.function().outstanding() == 0) {
      forget(runtime.function());
    }
    slotFreed();
    reports.wake();
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

  private void endWith(TrackedAttempt attempt, Exit exit) {
    if (attempt.ending == Ending.TIMED_OUT) {
      reports.timedOut(attempt, ranSoFar(attempt));
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

  private void forget(FunctionRuntimes function) {
    if (noSlot.stream().noneMatch(a -> FunctionKey.of(a.lease).equals(function.key))) {
      functions.remove(function.key);
    }
  }

  void killAll() {
    List.copyOf(runtimes).forEach(HostedRuntime::kill);
  }
}
