package dev.fanfare.dispatch;

import dev.fanfare.shard.InMemoryShards;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardEffects;
import dev.fanfare.shard.ShardLimits;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.ShardUnavailable;
import dev.fanfare.shard.Shards;
import dev.fanfare.shard.Transition.Submit;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Shards in memory whose batches can be looked at, held back, and lost before or after they were
 * applied. Thread-safe.
 */
public final class ObservedShards implements Shards {
  private volatile InMemoryShards shards;
  private final List<Sent> sent = new CopyOnWriteArrayList<>();
  private final Queue<Runnable> held = new ArrayDeque<>();
  private boolean holding;
  private @Nullable Predicate<ShardBatch> losing;
  private boolean lostAfter;
  private int losses;
  private CompletionStage<Void> told = CompletableFuture.completedFuture(null);
  private @Nullable ShardEffects effects;

  /** A batch that was sent to a shard. */
  public record Sent(int shard, ShardBatch batch) {}

  ObservedShards(int count) {
    this.shards = empty(count);
  }

  private static InMemoryShards empty(int count) {
    var limits =
        new ShardLimits(
            100_000,
            64L << 20,
            3,
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            Duration.ofSeconds(1));
    return new InMemoryShards(count, limits, Clock.systemUTC());
  }

  /** The shards lose all that they have. */
  synchronized void forget() {
    shards = empty(shards.count());
    if (effects != null) {
      shards.route(effects);
    }
  }

  /** Who hears of what time brings, and of work left over. */
  synchronized void tickInto(ShardEffects listener) {
    effects = listener;
    shards.route(listener);
  }

  /** Does what is due. */
  void tick() {
    shards.tick();
  }

  public List<Sent> sent() {
    return sent;
  }

  /** Batches wait from now on. */
  synchronized void hold() {
    holding = true;
  }

  /** What waits goes on, and everything after it. */
  void release() {
    Queue<Runnable> waiting;
    synchronized (this) {
      holding = false;
      waiting = new ArrayDeque<>(held);
      held.clear();
    }
    waiting.forEach(Runnable::run);
  }

  /** The next so many batches of a kind are lost: unapplied, or applied with their replies lost. */
  public synchronized void lose(int count, boolean afterApplied, Predicate<ShardBatch> kind) {
    losing = kind;
    lostAfter = afterApplied;
    losses = count;
  }

  /** The next batch with a submission is lost, which is told when this is complete. */
  synchronized void loseSubmission(CompletionStage<Void> when) {
    lose(1, false, batch -> batch.transitions().stream().anyMatch(Submit.class::isInstance));
    told = when;
  }

  @Override
  public int count() {
    return shards.count();
  }

  @Override
  public List<Integer> local() {
    return shards.local();
  }

  @Override
  public CompletionStage<ShardReply> apply(int shard, ShardBatch batch) {
    sent.add(new Sent(shard, batch));
    synchronized (this) {
      if (losing != null && losses > 0 && losing.test(batch)) {
        losses--;
        if (lostAfter) {
          shards.apply(shard, batch).toCompletableFuture().join();
        }
        return told.thenApply(
            nothing -> {
              throw new ShardUnavailable(shard, new IllegalStateException("the test cut it off"));
            });
      }
      if (holding) {
        var later = new CompletableFuture<ShardReply>();
        held.add(() -> shards.apply(shard, batch).thenAccept(later::complete));
        return later;
      }
    }
    return shards.apply(shard, batch);
  }
}
