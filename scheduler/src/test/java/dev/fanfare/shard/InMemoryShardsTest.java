package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.InvocationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is particular to shards in memory; the rest is {@link ShardsContract}. */
class InMemoryShardsTest {
  private static final Instant START = Instant.ofEpochSecond(Desk.START / Desk.SECOND);

  private final MovableClock clock = new MovableClock();
  private final InMemoryShards shards = new InMemoryShards(8, ShardLimits.DEFAULT, clock);
  private final Heard heard = new Heard();

  @Test
  void timePassesByTicksAndItsEffectsAreTold() {
    shards.route(heard);
    Work work = Work.of(1).expiresAt(Desk.START + Desk.SECOND);
    apply(new Transition.Submit(List.of(work.submission())));
    clock.now = START.plus(Duration.ofSeconds(1));
    assertThat(heard.ended).isEmpty();
    shards.tick();
    assertThat(heard.ended).containsExactly(Work.id(1));
  }

  @Test
  void readyWorkThatFoundNoRoomIsTold() {
    shards.route(heard);
    apply(new Transition.Submit(List.of(Work.of(1).submission())));
    assertThat(heard.readyShards).containsExactly(7);
  }

  @Test
  void everyIdHasItsShardAmongThem() {
    assertThat(shards.of(Work.id(1))).isEqualTo(7);
    assertThat(shards.of(InvocationId.of(0, 8 * 500 + 3, 1))).isEqualTo(3);
  }

  private void apply(Transition transition) {
    shards.apply(7, new ShardBatch(List.of(transition), List.of())).toCompletableFuture().join();
  }

  private static final class Heard implements ShardEffects {
    private final List<InvocationId> ended = new ArrayList<>();
    private final List<Integer> readyShards = new ArrayList<>();

    @Override
    public void ticked(int shard, ShardReply reply) {
      reply.ended().forEach(record -> ended.add(record.id()));
    }

    @Override
    public void ready(int shard, ShardReply reply) {
      readyShards.add(shard);
    }
  }

  private static final class MovableClock extends Clock {
    private Instant now = START;

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
