package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.shard.Shards;
import dev.fanfare.shard.ShardsContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract once more, through a member that does not own the shard, and what two members add.
 */
class TwoNodesTest extends ShardsContract {
  @TempDir private Path data;
  private SchedulerNode first;
  private SchedulerNode second;
  private int ofSecond;

  @BeforeEach
  void start() {
    first = Nodes.first(data.resolve("1"), "two-nodes");
    second = Nodes.another(data.resolve("2"), "two-nodes", first);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(first.shards().local()).hasSize(16);
              assertThat(second.shards().local()).hasSize(16);
            });
    await().until(() -> second.hazelcast().getPartitionService().isClusterSafe());
    ofSecond = second.shards().local().getFirst();
  }

  @AfterEach
  void close() {
    second.close();
    first.close();
  }

  @Override
  protected Shards shards() {
    return first.shards();
  }

  @Override
  protected int shard() {
    return ofSecond;
  }

  @Test
  void everyShardHasOneOwner() {
    List<Integer> all = new ArrayList<>(first.shards().local());
    all.addAll(second.shards().local());
    assertThat(all).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 32).boxed().toList());
  }

  @Test
  void whatAShardHoldsSurvivesTheEndOfItsOwner() {
    InvocationId waiting = newId(ofSecond);
    InvocationId running = newId(ofSecond);
    long fence = lease(running);
    apply(submit(waiting));

    second.close();

    await().until(() -> first.shards().local().size() == 32);
    assertThat(find(waiting).state()).isEqualTo(InvocationState.QUEUED);
    assertThat(find(running).state()).isEqualTo(InvocationState.RUNNING);
    assertThat(apply(settle(SESSION, running, fence)).ended()).hasSize(1);
  }

  @Test
  void whatAShardHoldsSurvivesTheDeathOfItsOwner() {
    InvocationId waiting = newId(ofSecond);
    InvocationId running = newId(ofSecond);
    long fence = lease(running);
    apply(submit(waiting));

    second.hazelcast().getLifecycleService().terminate();

    await().atMost(Duration.ofSeconds(30)).until(() -> first.shards().local().size() == 32);
    assertThat(find(waiting).state()).isEqualTo(InvocationState.QUEUED);
    assertThat(apply(settle(SESSION, running, fence)).ended()).hasSize(1);
  }
}
