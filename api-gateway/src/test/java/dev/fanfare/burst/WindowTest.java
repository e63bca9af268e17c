package dev.fanfare.burst;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowTest {
  @Test
  void itIsOpenForSoManyItems() {
    var window = new Window(2, () -> 1);
    window.entered(1);
    assertThat(window.open()).isTrue();
    window.entered(1);
    assertThat(window.open()).isFalse();
    window.ended(1);
    assertThat(window.open()).isFalse();
    window.delivered();
    assertThat(window.open()).isTrue();
  }

  @Test
  void itIsOpenForSoManyBytes() {
    var window = new Window(100, () -> 1);
    window.entered(Window.BYTES);
    assertThat(window.open()).isFalse();
    window.ended(Window.BYTES);
    assertThat(window.open()).isTrue();
  }

  @Test
  void largeResultsMakeItSmall() {
    var window = new Window(Window.ITEMS, () -> 1);
    for (int i = 0; i < 100; i++) {
      window.saw(32_000);
    }
    assertThat(window.size()).isBetween(700, 800);
    for (int i = 0; i < 1_000; i++) {
      window.saw(100);
    }
    assertThat(window.size()).isEqualTo(Window.ITEMS);
  }

  @Test
  void manyBurstsShareTheMemory() {
    var window = new Window(Window.ITEMS, () -> 0.1);
    for (int i = 0; i < 100; i++) {
      window.saw(32_000);
    }
    assertThat(window.size()).isBetween(70, 80);
    assertThat(window.mostBytes()).isEqualTo(Window.BYTES / 10);
  }
}
