package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventBusTest {
  @TempDir private Path data;

  @Test
  void aClusteredEventBusRunsOnTheMembers() {
    try (SchedulerNode first = Nodes.first(data.resolve("1"), "bus");
        SchedulerNode second = Nodes.another(data.resolve("2"), "bus", first)) {
      Vertx one = await(clustered(first));
      Vertx two = await(clustered(second));
      await(
          two.eventBus()
              .<String>consumer("greet", message -> message.reply("hello " + message.body()))
              .completion());
      assertThat(await(one.eventBus().<String>request("greet", "you")).body())
          .isEqualTo("hello you");
      await(one.close());
      await(two.close());
    }
  }

  private static Future<Vertx> clustered(SchedulerNode node) {
    var bus = new EventBusOptions().setHost(Nodes.HOST);
    return Vertx.builder()
        .with(new VertxOptions().setEventBusOptions(bus))
        .withClusterManager(new HazelcastClusterManager(node.hazelcast()))
        .buildClustered();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
