package dev.fanfare.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TroubleTest {
  private final Trouble trouble = new Trouble();

  @Test
  void flakySucceedsAtTheAttemptItWasTold() {
    assertThatThrownBy(() -> trouble.flaky(3, new Attempt(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("attempt 2");
    assertThat(trouble.flaky(3, new Attempt(3))).isEqualTo("succeeded at attempt 3");
  }

  @Test
  void failAlwaysFailsWithACause() {
    assertThatThrownBy(trouble::fail)
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(ArithmeticException.class);
  }

  @Test
  void sleepEndsWhenItIsInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> trouble.sleep(60_000)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void chatterTellsHowMuchItWrote() {
    assertThat(trouble.chatter(4, new Attempt(1))).isEqualTo(4);
  }
}
