package dev.fanfare.worker;

import dev.fanfare.cache.BlobCache;
import dev.fanfare.cache.CachedRevision;
import dev.fanfare.frame.Frame;
import dev.fanfare.function.Isolation;
import dev.fanfare.hosting.Exit;
import dev.fanfare.hosting.StartedRuntime;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Policy;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The runtimes of this worker. One that runs or starts something holds a slot; idle ones stay warm
 * up to a number. Only on the agent's context.
 */
final class Hosts {
  private final Slots slots;
  private final WorkerConfiguration configuration;
  private final BlobCache cache;
  private final Function<FunctionRuntimes, Future<StartedRuntime>> starter;
  private final Map<FunctionKey, FunctionRuntimes> functions = new HashMap<>();
  private final List<HostedRuntime> all = new ArrayList<>();
  private final Map<FunctionKey, Integer> least = new HashMap<>();
  private final Map<FunctionKey, Integer> most = new HashMap<>();
  private long resultLimitBytes = 64L << 20;

  Hosts(
      Slots slots,
      WorkerConfiguration configuration,
      BlobCache cache,
      Function<FunctionRuntimes, Future<StartedRuntime>> starter) {
    this.slots = slots;
    this.configuration = configuration;
    this.cache = cache;
    this.starter = starter;
  }

  void limitResults(long bytes) {
    resultLimitBytes = bytes;
  }

  List<HostedRuntime> all() {
    return all;
  }

  Iterable<FunctionRuntimes> functions() {
    return functions.values();
  }

  /** How many slots are held. */
  int busy() {
    int busy = 0;
    for (HostedRuntime runtime : all) {
      busy += runtime.idle() ? 0 : 1;
    }
    return busy;
  }

  boolean slotFree() {
    return busy() < configuration.slots();
  }

  // ---- functions ----

  @Nullable FunctionRuntimes function(FunctionKey key) {
    return functions.get(key);
  }

  /** The function as the revision has it, if it has. */
  @Nullable FunctionRuntimes known(FunctionKey key, CachedRevision revision) {
    FunctionRuntimes known = functions.get(key);
    if (known == null) {
      FunctionSpec spec = revision.manifest().function(key.function()).orElse(null);
      if (spec != null) {
        known = new FunctionRuntimes(key, revision, spec);
        functions.put(key, known);
        limit(known);
      }
    }
    return known;
  }

  /** Nothing of it runs here; what is to be kept warm is not forgotten. */
  void forget(FunctionRuntimes function) {
    if (function.least == 0) {
      functions.remove(function.key);
    }
  }

  /** So many runtimes of functions are to be here, least and most. */
  void share(Frame.Scaling scaling) {
    replace(least, scaling.least());
    replace(most, scaling.most());
    functions.values().forEach(this::limit);
  }

  private static void replace(Map<FunctionKey, Integer> limits, List<Frame.Warm> told) {
    limits.clear();
    told.forEach(one -> limits.put(new FunctionKey(one.revision(), one.function()), one.count()));
  }

  private void limit(FunctionRuntimes function) {
    function.least = least.getOrDefault(function.key, 0);
    Integer told = most.get(function.key);
    function.most = told == null ? function.policy().scale().max().orElse(Integer.MAX_VALUE) : told;
  }

  /** The functions that may have no further runtime. */
  Set<FunctionKey> full() {
    var full = new HashSet<FunctionKey>();
    most.forEach(
        (function, count) -> {
          if (count == 0) {
            full.add(function);
          }
        });
    for (FunctionRuntimes function : functions.values()) {
      if (function.full()) {
        full.add(function.key);
      }
    }
    return full;
  }

  /** Starts what is missing of the runtimes that are to be kept warm. */
  void keepWarm() {
    for (FunctionRuntimes function : List.copyOf(functions.values())) {
      while (function.runtimes.size() < Math.min(function.least, configuration.slots())) {
        start(function, true);
      }
    }
  }

  // ---- finding one ----

  /** An idle runtime of the function, else one of its revision, which from now on serves it. */
  @Nullable HostedRuntime takeIdle(FunctionRuntimes function) {
    return serving(idle(function, false), function);
  }

  /** The same of those that are ready. */
  @Nullable HostedRuntime takeReady(FunctionRuntimes function) {
    return serving(idle(function, true), function);
  }

  boolean hasReady(FunctionRuntimes function) {
    return idle(function, true) != null;
  }

  private static @Nullable HostedRuntime serving(
      @Nullable HostedRuntime runtime, FunctionRuntimes function) {
    if (runtime != null && runtime.function() != function) {
      runtime.serve(function);
    }
    return runtime;
  }

  private @Nullable HostedRuntime idle(FunctionRuntimes function, boolean ready) {
    HostedRuntime best = null;
    for (HostedRuntime runtime : all) {
      if (runtime.idle() && !runtime.isEnding() && (runtime.ready() || !ready)) {
        if (runtime.function() == function) {
          return runtime;
        }
        if (!function.full() && canServe(runtime, function) && runtime.function().hasSpare()) {
          best = runtime;
        }
      }
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
   * The one that a guest's slot should come from: of the functions with most runtimes, the one that
   * is done first; one that could serve the guest itself is best, and the only one if need be.
   */
  @Nullable HostedRuntime giver(
      FunctionRuntimes guest, boolean mustServe, Set<HostedRuntime> taken) {
    return giver(
        all.stream().filter(runtime -> !mustServe || canServe(runtime, guest)).toList(), taken);
  }

  /** The same among these. */
  @Nullable HostedRuntime giver(List<HostedRuntime> among, Set<HostedRuntime> taken) {
    return among.stream()
        .filter(runtime -> runtime.ready() && !runtime.idle() && !taken.contains(runtime))
        .min(
            Comparator.comparingInt((HostedRuntime runtime) -> -runtime.function().working())
                .thenComparingDouble(runtime -> runtime.function().expectedWaitMicros(runtime)))
        .orElse(null);
  }

  // ---- starting and ending ----

  /** Starts one of the function; one that is started ahead holds no slot until it has work. */
  HostedRuntime start(FunctionRuntimes function, boolean ahead) {
    keepIdle(configuration.idleRuntimes() - 1);
    var runtime = new HostedRuntime(slots, function, ahead);
    all.add(runtime);
    function.runtimes.add(runtime);
    CachedRevision revision = function.revision;
    cache.use(revision.manifest().artifact());
    starter
        .apply(function)
        .onSuccess(started -> runtime.host(started, load(revision)))
        .onFailure(
            failure ->
                runtime.ended(
                    new Exit(
                        Exit.Cause.CRASHED,
                        "a runtime for it did not start: " + failure.getMessage())));
    return runtime;
  }

  /** Whether one that is started ahead would be kept until it has work. */
  boolean keepsIdle() {
    return configuration.idleRuntimes() > 0;
  }

  /**
   * Starts a runtime of the revision before there is work for it, if it has none and others need
   * not make room.
   */
  void prepare(CachedRevision revision) {
    if (all.stream().anyMatch(runtime -> runtime.revision().id().equals(revision.id()))
        || all.stream().filter(HostedRuntime::idle).count() >= configuration.idleRuntimes()) {
      return;
    }
    revision.manifest().functions().stream()
        .filter(Hosts::suitsBlank)
        .findFirst()
        .map(spec -> known(new FunctionKey(revision.id(), spec.name()), revision))
        .ifPresent(function -> start(function, true));
  }

  private static boolean suitsBlank(FunctionSpec spec) {
    return spec.policy().memoryBytes() == Policy.DEFAULT_MEMORY_BYTES
        && spec.policy().requirements().isolation() == Isolation.PROCESS;
  }

  private Frame.Load load(CachedRevision revision) {
    return new Frame.Load(
        revision.id(),
        revision.manifestFile().toString(),
        revision.artifactFile().toString(),
        cache.folder().toString(),
        resultLimitBytes);
  }

  /** It has ended. */
  void gone(HostedRuntime runtime) {
    all.remove(runtime);
    cache.release(runtime.revision().manifest().artifact());
  }

  /** Ends runtimes that have had nothing to do since then. */
  void endIdle(long sinceNanos) {
    all.stream()
        .filter(runtime -> runtime.ready() && runtime.idle())
        .filter(runtime -> runtime.lastNewsNanos() - sinceNanos < 0)
        .toList()
        .forEach(Hosts::endSpare);
  }

  /** Ends the idle runtimes used longest ago as far as there are more than may stay. */
  void keepIdle() {
    keepIdle(configuration.idleRuntimes());
  }

  private void keepIdle(int count) {
    List<HostedRuntime> idle =
        all.stream()
            .filter(runtime -> runtime.idle() && !runtime.isEnding())
            .filter(runtime -> runtime.function().hasSpare())
            .sorted(Comparator.comparingLong(HostedRuntime::lastNewsNanos))
            .toList();
    for (int i = 0; i < idle.size() - Math.max(0, count); i++) {
      endSpare(idle.get(i));
    }
  }

  private static void endSpare(HostedRuntime runtime) {
    if (!runtime.isEnding() && runtime.function().hasSpare()) {
      runtime.kill();
    }
  }

  void killAll() {
    List.copyOf(all).forEach(HostedRuntime::kill);
  }
}
