package dev.fanfare.dispatch;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * The dispatcher's figures, as meters of a registry. Names begin with {@code fanfare.}; times per
 * function are told apart for the first {@link #MOST_FUNCTIONS} functions, then together as {@code
 * others}. Written on the dispatcher's context, read from any thread.
 */
public final class DispatchMeters {
  /** How many functions have figures of their own. */
  public static final int MOST_FUNCTIONS = 1_000;

  private static final FunctionName OTHERS = new FunctionName("others");
  private static final Duration SHORTEST = Duration.ofNanos(100_000);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final double[] BUCKETS = {
    .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300
  };

  private final MeterRegistry registry;
  private final Map<FunctionName, Functions> functions = new HashMap<>();
  private final Map<String, Counter> settled = new HashMap<>();
  private final LongAdder unrecorded = new LongAdder();

  final Counter submitted;
  final Counter refused;
  final Counter uncertain;
  final Counter started;
  final Counter coldStarts;
  final Counter ledgerFailures;
  final Counter lostSight;
  final Timer ledgerCommit;
  final Timer acceptCommit;
  final DistributionSummary batchItems;

  /** Registers the meters. */
  public DispatchMeters(MeterRegistry registry) {
    this.registry = registry;
    submitted = counter("submitted", "Invocations that a shard accepted from this gateway");
    refused = counter("refused", "Submissions refused because a queue was full");
    uncertain = counter("uncertain", "Submissions whose shard did not answer");
    started = counter("started", "Leases given to this gateway's workers");
    coldStarts = counter("cold.starts", "Attempts that had to wait for a runtime");
    ledgerFailures =
        counter("ledger.failures", "Appends to the ledger that failed and are tried again");
    lostSight = counter("lost.sight", "Invocations that neither their shard nor the history knew");
    ledgerCommit =
        Timer.builder("fanfare.ledger.commit")
            .description("Time from handing ended invocations over to their being safe")
            .serviceLevelObjectives(buckets())
            .register(registry);
    acceptCommit =
        Timer.builder("fanfare.accept.commit")
            .description("Time from handing asynchronous submissions over to their being safe")
            .serviceLevelObjectives(buckets())
            .register(registry);
    batchItems =
        DistributionSummary.builder("fanfare.batch.items")
            .description("Transitions' subjects and offers per operation on a shard")
            .serviceLevelObjectives(1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000)
            .register(registry);
    registry.gauge("fanfare.ledger.backlog", unrecorded, LongAdder::sum);
  }

  /** Ended invocations that the ledger does not hold yet. */
  public long unrecorded() {
    return unrecorded.sum();
  }

  void unrecorded(long more) {
    unrecorded.add(more);
  }

  /** Accepted invocations that have not ended, and those of them that wait in the ledger alone. */
  <T> void accepted(T of, ToDoubleFunction<T> all, ToDoubleFunction<T> inLedgerAlone) {
    registry.gauge("fanfare.accepted", of, all);
    registry.gauge("fanfare.backlog", of, inLedgerAlone);
  }

  /** Accepted invocations of all nodes that share the ledger. */
  <T> void acceptedOfAll(T of, ToDoubleFunction<T> all) {
    registry.gauge("fanfare.cluster.accepted", of, all);
  }

  void ended(InvocationRecord invocation) {
    settled.computeIfAbsent(code(invocation), this::settledCounter).increment();
    Functions of = of(invocation.function());
    if (invocation.startedAt() > 0) {
      of.queue.record(invocation.queueMicros(), TimeUnit.MICROSECONDS);
      of.run.record(invocation.usage().runMicros(), TimeUnit.MICROSECONDS);
    }
    if (invocation.usage().coldMicros() > 0) {
      coldStarts.increment();
    }
  }

  private static String code(InvocationRecord invocation) {
    return switch (invocation.outcome().orElse(null)) {
      case Outcome.Success success -> "succeeded";
      case Outcome.Cancelled cancelled -> "cancelled";
      case Outcome.Failure failure -> failure.fault().code().code();
      case null -> "unknown";
    };
  }

  private Functions of(FunctionName function) {
    Functions known = functions.get(function);
    if (known != null) {
      return known;
    }
    FunctionName name = functions.size() < MOST_FUNCTIONS ? function : OTHERS;
    return functions.computeIfAbsent(name, Functions::new);
  }

  private Counter counter(String name, String description) {
    return Counter.builder("fanfare." + name).description(description).register(registry);
  }

  private Counter settledCounter(String code) {
    return Counter.builder("fanfare.settled")
        .description("Invocations that ended, by how")
        .tag("code", code)
        .register(registry);
  }

  private static Duration[] buckets() {
    var durations = new Duration[BUCKETS.length];
    for (int i = 0; i < BUCKETS.length; i++) {
      durations[i] = Duration.ofNanos((long) (BUCKETS[i] * 1e9));
    }
    return durations;
  }

  /** One function's times. */
  private final class Functions {
    final Timer queue;
    final Timer run;

    Functions(FunctionName function) {
      queue = timer("fanfare.queue", "Time between submission and start", function);
      run = timer("fanfare.run", "Time inside the function", function);
    }

    private Timer timer(String name, String description, FunctionName function) {
      return Timer.builder(name)
          .description(description)
          .tag("function", function.value())
          .serviceLevelObjectives(buckets())
          .minimumExpectedValue(SHORTEST)
          .maximumExpectedValue(LONGEST)
          .register(registry);
    }
  }
}
