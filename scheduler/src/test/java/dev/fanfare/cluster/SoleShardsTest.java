package dev.fanfare.cluster;

import static dev.fanfare.shard.ShardsContract.newId;
import static dev.fanfare.shard.ShardsContract.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.Shards;
import dev.fanfare.shard.Transition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shards that are applied on the spot, and what becomes of them when another member comes. */
@Timeout(120)
class SoleShardsTest {
  @TempDir private Path data;
  private SchedulerNode first;

  @BeforeEach
  void start() {
    first = Nodes.first(data.resolve("1"), "sole-shards");
    for (int shard = 0; shard < first.shards().count(); shard++) {
      settled(first.shards(), shard, new Transition.Tick());
    }
  }

  @AfterEach
  void close() {
    first.close();
  }

  @Test
  void theOnlyMemberAppliesABatchOnTheSpot() {
    assertThat(stage(first.shards(), 3, submit(newId(3)))).isDone();
  }

  @Test
  void withASecondMemberTheClusterAppliesEveryBatch() {
    try (var second = Nodes.another(data.resolve("2"), "sole-shards", first)) {
      awaitShared(second);
      int own = first.shards().local().getFirst();

      settled(first.shards(), own, submit(newId(own)));

      assertThat(ownerOf(first).applyAlone(own, batch(submit(newId(own))))).isNull();
    }
  }

  @Test
  void whatIsAppliedWhileAnotherMemberJoinsIsThereOnBothAndWhenEitherIsGone() {
    var stop = new AtomicBoolean();
    var accepted = CompletableFuture.supplyAsync(() -> submitUntil(stop));
    List<InvocationId> all;
    try (var second = Nodes.another(data.resolve("2"), "sole-shards", first)) {
      awaitShared(second);
      stop.set(true);
      all = accepted.join();
      assertThat(all).hasSizeGreaterThan(100);
      assertThat(missing(second.shards(), all)).isEmpty();
    }
    await().until(() -> first.shards().local().size() == first.shards().count());
    assertThat(missing(first.shards(), all)).isEmpty();
    await().until(() -> stage(first.shards(), 0, new Transition.Tick()).isDone());
  }

  /** One about every half millisecond, and ticks without pause between them. */
  private List<InvocationId> submitUntil(AtomicBoolean stop) {
    var accepted = new ArrayList<InvocationId>();
    long next = System.nanoTime();
    for (int i = 0; !stop.get(); i++) {
      int shard = i % first.shards().count();
      if (System.nanoTime() - next < 0) {
        settled(first.shards(), shard, new Transition.Tick());
      } else {
        next += 500_000;
        InvocationId id = newId(shard);
        settled(first.shards(), shard, submit(id));
        accepted.add(id);
      }
    }
    return accepted;
  }

  private void awaitShared(SchedulerNode second) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> first.shards().local().size() == 16 && second.shards().local().size() == 16);
    await().until(() -> second.hazelcast().getPartitionService().isClusterSafe());
  }

  private static List<InvocationId> missing(Shards shards, List<InvocationId> wanted) {
    return wanted.stream()
        .filter(
            id -> {
              var find = new Transition.Find(List.of(id));
              ShardReply reply = settled(shards, shards.of(id), find);
              return ((Reply.Found) reply.replies().getFirst()).records().isEmpty();
            })
        .toList();
  }

  private static ShardOwner ownerOf(SchedulerNode node) {
    return (ShardOwner) node.hazelcast().getConfig().getUserContext().get(ShardOwner.CONTEXT_KEY);
  }

  private static ShardReply settled(Shards shards, int shard, Transition transition) {
    return stage(shards, shard, transition).join();
  }

  private static CompletableFuture<ShardReply> stage(
      Shards shards, int shard, Transition transition) {
    CompletionStage<ShardReply> stage = shards.apply(shard, batch(transition));
    return stage.toCompletableFuture();
  }

  private static ShardBatch batch(Transition transition) {
    return new ShardBatch(List.of(transition), List.of());
  }
}
