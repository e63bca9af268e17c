package dev.fanfare.burst;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChunkPlanTest {
  private static final int MANY = 1_000_000;

  @Test
  void itemsGoAloneUntilOneHasRun() {
    var plan = new ChunkPlan(0);

    assertThat(plan.unknown()).isTrue();
    assertThat(plan.next(MANY, 2)).isEqualTo(1);
  }

  @Test
  void chunksGrowToWhatTakesAFewMilliseconds() {
    var plan = new ChunkPlan(0);
    int size = 1;
    for (int i = 0; i < 10; i++) {
      plan.ran(size, size * 10L, size * 6L);
      size = plan.next(MANY, 2);
    }

    assertThat(size).isBetween(380, 420);
  }

  @Test
  void oneChunkIsNotMuchLargerThanTheOneBefore() {
    var plan = new ChunkPlan(0);
    plan.ran(1, 1, 6);

    assertThat(plan.next(MANY, 2)).isEqualTo(8);
    assertThat(plan.next(MANY, 2)).isEqualTo(64);
  }

  @Test
  void slowItemsGoAlone() {
    var plan = new ChunkPlan(0);
    plan.ran(1, 20_000, 6);

    assertThat(plan.next(MANY, 2)).isEqualTo(1);
    assertThat(plan.slow()).isTrue();
  }

  @Test
  void aSlowStartIsSoonForgotten() {
    var plan = new ChunkPlan(0);
    plan.ran(1, 50_000, 6);
    plan.next(MANY, 2);
    for (int i = 0; i < 5; i++) {
      plan.ran(1, 20, 6);
    }

    assertThat(plan.slow()).isFalse();
    assertThat(plan.next(MANY, 2)).isEqualTo(8);
  }

  @Test
  void theLastItemsAreSpreadOverTheSlots() {
    var plan = new ChunkPlan(0);
    for (int i = 0; i < 10; i++) {
      plan.ran(1_000, 1_000, 6_000);
      plan.next(MANY, 4);
    }

    assertThat(plan.next(80, 4)).isEqualTo(10);
    assertThat(plan.next(1, 4)).isEqualTo(1);
  }

  @Test
  void largeResultsMakeSmallChunks() {
    var plan = new ChunkPlan(0);
    for (int i = 0; i < 30; i++) {
      plan.ran(10, 10, 10 * 4_000L);
      plan.next(MANY, 2);
    }

    assertThat(plan.next(MANY, 2)).isBetween(5, 8);
  }

  @Test
  void aFixedSizeIsKept() {
    var plan = new ChunkPlan(100);

    assertThat(plan.next(MANY, 2)).isEqualTo(100);
    assertThat(plan.next(30, 2)).isEqualTo(30);
  }
}
