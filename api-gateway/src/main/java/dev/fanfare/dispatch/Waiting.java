package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for which invocation's end. What ends is told here; behind that, each wait looks by
 * itself now and then, so that a lost message delays an answer but does not lose it. Only on the
 * dispatcher's context.
 */
final class Waiting {
  static final long FIRST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(8);

  private final Traffic traffic;
  private final DispatchMeters meters;
  private final Map<InvocationId, Waited> waited = new HashMap<>();
  private final Map<InvocationId, List<Consumer<InvocationRecord>>> watchers = new HashMap<>();

  Waiting(Traffic traffic, DispatchMeters meters) {
    this.traffic = traffic;
    this.meters = meters;
  }

  /** The submission is on its way. */
  void expect(Submission submission, Waiter waiter) {
    if (!submission.async()) {
      waited.put(submission.id(), new Waited(submission.target().tenant(), waiter));
    }
  }

  /** Nobody waits for it any more. */
  void leave(InvocationId id) {
    waited.remove(id);
  }

  void admitted(Submission submission, Waiter waiter, Admission admission) {
    Waited entry = waited.get(submission.id());
    switch (admission) {
      case ACCEPTED -> meters.submitted.increment();
      case DUPLICATE -> {}
      case FULL -> {
        meters.refused.increment();
        waited.remove(submission.id());
      }
    }
    if (submission.async() || entry != null) {
      waiter.admitted(admission);
    }
    if (entry != null && admission != Admission.FULL) {
      entry.admitted = true;
      if (entry.early != null) {
        ended(entry.early);
      }
    }
  }

  /** Its shard did not answer. */
  void uncertain(Submission submission, Waiter waiter, Throwable failure) {
    meters.uncertain.increment();
    if (waited.remove(submission.id()) != null || submission.async()) {
      waiter.uncertain(
          "it is not known whether the invocation was accepted: " + failure.getMessage());
    }
  }

  void ended(InvocationRecord invocation) {
    Waited entry = waited.get(invocation.id());
    if (entry != null && !entry.admitted) {
      entry.early = invocation;
    } else if (entry != null) {
      waited.remove(invocation.id());
      entry.waiter.ended(invocation);
    }
    List<Consumer<InvocationRecord>> watching = watchers.remove(invocation.id());
    if (watching != null) {
      watching.forEach(watcher -> watcher.accept(invocation));
    }
  }

  /** The watcher hears once of the invocation's end, unless {@link #unwatch} comes before. */
  void watch(InvocationId id, Consumer<InvocationRecord> watcher) {
    watchers.computeIfAbsent(id, i -> new ArrayList<>(1)).add(watcher);
  }

  /** Whether anybody would hear of the invocation's end beside its caller. */
  boolean isWatched(InvocationId id) {
    return watchers.containsKey(id);
  }

  void unwatch(InvocationId id, Consumer<InvocationRecord> watcher) {
    watchers.computeIfPresent(
        id, (i, watching) -> watching.remove(watcher) && watching.isEmpty() ? null : watching);
  }

  /** Looks after those who have waited for a while; called about once a second. */
  void look(long now) {
    for (Map.Entry<InvocationId, Waited> entry : waited.entrySet()) {
      Waited waiting = entry.getValue();
      if (waiting.admitted && waiting.lookAt - now <= 0) {
        waiting.lookAt = now + waiting.pause;
        waiting.pause = Math.min(waiting.pause * 2, LONGEST_PAUSE_NANOS);
        InvocationId id = entry.getKey();
        traffic.laneOf(id).find(id, seeker(id, waiting.tenant));
      }
    }
  }

  /** Everybody who still waits is told that no answer comes. */
  void abandon(String why) {
    List<Waited> left = new ArrayList<>(waited.values());
    waited.clear();
    left.forEach(entry -> entry.waiter.uncertain(why));
  }

  private Finding.Seeker seeker(InvocationId id, TenantId tenant) {
    return new Finding.Seeker() {
      @Override
      public void found(Optional<InvocationRecord> invocation) {
        if (invocation.isEmpty()) {
          traffic.ledgers().look(tenant, id, recorded -> inHistory(id, recorded));
        } else if (invocation.get().state().terminal()) {
          ended(invocation.get());
        }
      }

      @Override
      public void lost(Throwable failure) {}
    };
  }

  /** Neither its shard nor the history has it: gone with a member that died, perhaps. */
  private void inHistory(InvocationId id, Optional<InvocationRecord> recorded) {
    if (recorded.isPresent()) {
      ended(recorded.get());
      return;
    }
    Waited entry = waited.get(id);
    if (entry != null && ++entry.misses > 1) {
      meters.lostSight.increment();
      waited.remove(id);
      entry.waiter.uncertain("the queue lost sight of invocation " + id + "; it may have run");
    }
  }

  private static final class Waited {
    final TenantId tenant;
    final Waiter waiter;
    boolean admitted;
    @Nullable InvocationRecord early;
    long lookAt = System.nanoTime() + FIRST_LOOK_NANOS;
    long pause = FIRST_LOOK_NANOS;
    int misses;

    Waited(TenantId tenant, Waiter waiter) {
      this.tenant = tenant;
      this.waiter = waiter;
    }
  }
}
