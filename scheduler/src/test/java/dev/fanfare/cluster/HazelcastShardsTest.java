package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.shard.Shards;
import dev.fanfare.shard.ShardsContract;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HazelcastShardsTest extends ShardsContract {
  @TempDir private static Path data;
  private static SchedulerNode node;

  @BeforeAll
  static void start() {
    node = Nodes.alone(data);
  }

  @AfterAll
  static void close() {
    node.close();
  }

  @Override
  protected Shards shards() {
    return node.shards();
  }

  @Test
  void aNodeOfItsOwnHoldsEveryShard() {
    assertThat(node.shards().count()).isEqualTo(32);
    assertThat(node.shards().local()).isEqualTo(IntStream.range(0, 32).boxed().toList());
  }
}
