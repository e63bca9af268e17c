package dev.fanfare.worker;

import dev.fanfare.cache.CachedRevision;
import dev.fanfare.frame.EventBatch;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Events;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.hosting.Exit;
import dev.fanfare.hosting.StartedRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A runtime of one revision and what it was given: the first ones run, as many as the function
 * allows, the others wait in it. Only on the agent's context.
 */
final class HostedRuntime implements StartedRuntime.Listener {
  private final Slots slots;
  private final CachedRevision revision;
  private final boolean ahead;
  private final long createdNanos = System.nanoTime();
  private final LinkedHashMap<Held, TrackedAttempt> running = new LinkedHashMap<>();
  private final LinkedHashMap<Held, TrackedAttempt> waiting = new LinkedHashMap<>();
  private final EventBatch events = new EventBatch();
  private List<Lease> unsent = new ArrayList<>();
  private FunctionRuntimes function;
  private @Nullable StartedRuntime started;
  private boolean ready;
  private boolean yields;
  private boolean secluded;
  private boolean ending;
  private boolean over;
  private long lastNewsNanos = createdNanos;

  /**
   * @param ahead whether it is started before there is work for it; it then holds no slot
   */
  HostedRuntime(Slots slots, FunctionRuntimes function, boolean ahead) {
    this.slots = slots;
    this.ahead = ahead;
    this.function = function;
    this.revision = function.revision;
  }

  FunctionRuntimes function() {
    return function;
  }

  CachedRevision revision() {
    return revision;
  }

  boolean ready() {
    return ready;
  }

  boolean over() {
    return over;
  }

  int outstanding() {
    return running.size() + waiting.size();
  }

  /** Whether it has nothing to do and nobody waits for it: it holds no slot. */
  boolean idle() {
    return (ready || ahead) && outstanding() == 0;
  }

  /**
   * Whether it is given nothing more: another function is to have its slot, or what is in it is to
   * be alone.
   */
  boolean yields() {
    return yields || secluded;
  }

  void yields(boolean now) {
    yields = now;
  }

  long lastNewsNanos() {
    return lastNewsNanos;
  }

  Iterable<TrackedAttempt> running() {
    return running.values();
  }

  /** An attempt that runs here; null if it does not. */
  @Nullable TrackedAttempt running(Held held) {
    return running.get(held);
  }

  Iterable<TrackedAttempt> waiting() {
    return waiting.values();
  }

  String name() {
    return started == null ? "a runtime that starts" : started.name();
  }

  /** Its process, once it is there and has one of its own. */
  Optional<ProcessHandle> process() {
    return started == null ? Optional.empty() : started.process();
  }

  long createdNanos() {
    return createdNanos;
  }

  /** Whether the attempt waits in it for those that run to end. */
  boolean waits(TrackedAttempt attempt) {
    return waiting.containsKey(attempt.held);
  }

  /** From now on it serves another function of its revision; only while it is idle. */
  void serve(FunctionRuntimes other) {
    function.runtimes.remove(this);
    function = other;
    other.runtimes.add(this);
  }

  /** The process is there: it becomes the revision's host. */
  void host(StartedRuntime runtime, Frame.Load load) {
    started = runtime;
    if (over) {
      runtime.kill();
    } else {
      runtime.listen(this);
      runtime.send(load);
    }
  }

  void add(TrackedAttempt attempt) {
    attempt.runtime = this;
    if (outstanding() == 0) {
      lastNewsNanos = System.nanoTime();
      secluded = attempt.lease.alone();
    }
    if (running.size() < function.concurrency()) {
      running.put(attempt.held, attempt);
      if (ready) {
        attempt.startedNanos = System.nanoTime();
      }
    } else {
      waiting.put(attempt.held, attempt);
    }
    unsent.add(attempt.lease);
    slots.touched(this);
  }

  /** The client's side of an attempt's channels says something. */
  void say(Events said) {
    events.add(said);
    slots.touched(this);
  }

  /** Sends the leases of this tick in one frame, and what is said in channels. */
  void flush() {
    if (ready && !unsent.isEmpty() && started != null) {
      started.send(new Frame.Leases(unsent));
      unsent = new ArrayList<>();
    }
    if (started != null) {
      events.flush(started::send);
    }
  }

  /** Takes an attempt out that ended or never started; null if it is not here. */
  @Nullable TrackedAttempt remove(Held held) {
    TrackedAttempt attempt = running.remove(held);
    if (attempt == null) {
      attempt = waiting.remove(held);
    }
    promote();
    secluded &= outstanding() > 0;
    return attempt;
  }

  /**
   * Those that may have been at work when it ended. Outcomes that it had not sent were lost with
   * it, so that work it was given ahead may have begun; only an exit that a function asked for lets
   * it send all it has.
   */
  private List<TrackedAttempt> perhapsBegun(Exit exit) {
    var begun = new ArrayList<TrackedAttempt>(running.values());
    if (exit.cause() == Exit.Cause.CRASHED || exit.cause() == Exit.Cause.OUT_OF_MEMORY) {
      for (TrackedAttempt attempt : waiting.values()) {
        if (ready && !unsent.contains(attempt.lease)) {
          begun.add(attempt);
        }
      }
    }
    return begun;
  }

  private void promote() {
    while (running.size() < function.concurrency() && !waiting.isEmpty()) {
      TrackedAttempt next = waiting.pollFirstEntry().getValue();
      next.startedNanos = ready ? System.nanoTime() : 0;
      running.put(next.held, next);
    }
  }

  /** Asks for an attempt back that has not started. */
  void recall(List<TrackedAttempt> attempts) {
    if (started != null) {
      attempts.forEach(attempt -> attempt.recalled = true);
      started.send(new Frame.Returned(attempts.stream().map(attempt -> attempt.held).toList()));
    }
  }

  /** Stops an attempt, whether it runs or waits; true if it was not yet sent and so is stopped. */
  boolean stop(TrackedAttempt attempt, String reason) {
    if (unsent.remove(attempt.lease)) {
      return true;
    }
    if (started != null) {
      started.send(new Frame.Revoke(List.of(attempt.held), reason));
    }
    return false;
  }

  /** Whether it was killed and its end is still to come. */
  boolean isEnding() {
    return ending;
  }

  void kill() {
    ending = true;
    if (started != null) {
      started.kill();
    } else {
      ended(new Exit(Exit.Cause.KILLED, "the worker ended it"));
    }
  }

  @Override
  public void received(Frame frame) {
    if (over) {
      return;
    }
    lastNewsNanos = System.nanoTime();
    switch (frame) {
      case Frame.Outcomes outcomes -> slots.settled(this, outcomes.settlements());
      case Frame.Channels channels -> slots.said(this, channels.events());
      case Frame.Logs logs -> slots.logged(logs.lines());
      case Frame.Returned returned -> slots.givenBack(this, returned.leases());
      case Frame.Loaded loaded -> becomeReady();
      case Frame.Unknown ofANewerRuntime -> {}
      default -> kill();
    }
  }

  private void becomeReady() {
    ready = true;
    long now = System.nanoTime();
    for (TrackedAttempt attempt : running.values()) {
      attempt.startedNanos = now;
    }
    for (List<TrackedAttempt> all :
        List.of(List.copyOf(running.values()), List.copyOf(waiting.values()))) {
      all.forEach(attempt -> attempt.coldMicros = (now - attempt.arrivedNanos) / 1_000);
    }
    slots.becameReady(this);
    flush();
  }

  @Override
  public void ended(Exit exit) {
    if (!over) {
      over = true;
      function.runtimes.remove(this);
      List<TrackedAttempt> begun = perhapsBegun(exit);
      begun.forEach(attempt -> waiting.remove(attempt.held));
      slots.ended(this, exit, begun, List.copyOf(waiting.values()));
      running.clear();
      waiting.clear();
    }
  }
}
