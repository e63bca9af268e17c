package dev.fanfare.cluster;

import static dev.fanfare.shard.ShardsContract.NODE;
import static dev.fanfare.shard.ShardsContract.TARGET;
import static dev.fanfare.shard.ShardsContract.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member does by itself for the shards it owns. */
class EffectsTest {
  @TempDir private Path data;
  private final HeardEffects heard = new HeardEffects();

  @Test
  void workThatNobodyTookIsToldToBeReadyAndNotAtEveryBatch() {
    try (SchedulerNode node = Nodes.alone(data)) {
      node.route(heard);
      submit(node, submission(newId(3), 0, 0));
      assertThat(heard.ready()).containsExactly(3);

      long before = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        submit(node, submission(newId(3), 0, 0));
      }
      long reminders = (System.nanoTime() - before) / Duration.ofMillis(20).toNanos();
      assertThat(heard.ready()).hasSizeLessThanOrEqualTo((int) reminders + 2);
    }
  }

  @Test
  void delayedWorkIsToldWhenItsTimeHasCome() {
    try (SchedulerNode node = Nodes.alone(data)) {
      node.route(heard);
      submit(node, submission(newId(5), micros() + 1_000_000, 0));
      assertThat(heard.ready()).isEmpty();
      await().atMost(Duration.ofSeconds(4)).until(() -> heard.ready().contains(5));
    }
  }

  @Test
  void workThatWaitedTooLongEndsWithoutAnybodyAsking() {
    try (SchedulerNode node = Nodes.alone(data)) {
      node.route(heard);
      InvocationId id = newId(7);
      submit(node, submission(id, 0, micros() + 100_000));
      await().atMost(Duration.ofSeconds(2)).until(() -> heard.ended(id).isPresent());
      assertThat(heard.ended(id).orElseThrow().state()).isEqualTo(InvocationState.FAILED);
    }
  }

  @Test
  void theMemberThatBecomesOwnerTicksWhatItsForerunnerWouldHave() {
    try (SchedulerNode first = Nodes.first(data.resolve("1"), "effects");
        SchedulerNode second = Nodes.another(data.resolve("2"), "effects", first)) {
      first.route(heard);
      await().until(() -> second.shards().local().size() == 16);
      await().until(() -> second.hazelcast().getPartitionService().isClusterSafe());
      InvocationId id = newId(second.shards().local().getFirst());
      submit(first, submission(id, 0, micros() + 3_000_000));

      second.hazelcast().getLifecycleService().terminate();

      await().atMost(Duration.ofSeconds(20)).until(() -> heard.ended(id).isPresent());
      assertThat(heard.ended(id).orElseThrow().state()).isEqualTo(InvocationState.FAILED);
    }
  }

  private static void submit(SchedulerNode node, Submission submission) {
    var batch = new ShardBatch(List.of(new Transition.Submit(List.of(submission))), List.of());
    node.shards().apply(submission.id().shard(), batch).toCompletableFuture().join();
  }

  private static Submission submission(InvocationId id, long notBefore, long expiresAt) {
    return new Submission(
        id,
        TARGET,
        Requirements.NONE,
        NODE,
        true,
        0,
        0,
        60_000_000,
        notBefore,
        expiresAt,
        0,
        "",
        "",
        Payload.EMPTY);
  }

  private static long micros() {
    return System.currentTimeMillis() * 1_000;
  }
}
