package dev.fanfare.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fanfare.function.Reject;
import org.junit.jupiter.api.Test;

class NumbersTest {
  private final Numbers numbers = new Numbers();

  @Test
  void theLongestCollatzChainBelowAMillionIsKnown() throws InterruptedException {
    assertThat(numbers.collatz(1, 999_999)).isEqualTo(new Numbers.Longest(837_799, 524));
    assertThat(numbers.collatz(1, 1)).isEqualTo(new Numbers.Longest(1, 0));
  }

  @Test
  void rangesThatAreNoneOrTooWideAreRejected() {
    for (long[] range : new long[][] {{0, 10}, {10, 9}, {1, 10_000_001}, {-5, Long.MAX_VALUE}}) {
      assertThatThrownBy(() -> numbers.collatz(range[0], range[1])).isInstanceOf(Reject.class);
    }
    assertThatThrownBy(() -> numbers.collatz(Long.MAX_VALUE - 1, Long.MAX_VALUE))
        .isInstanceOf(Reject.class)
        .hasMessageContaining("64 bits");
  }

  @Test
  void piComesOutAndOneSeedAlwaysGivesTheSame() throws InterruptedException {
    var pi = numbers.monteCarloPi(1_000_000, 42);
    assertThat(pi.estimate()).isCloseTo(Math.PI, within(0.01));
    assertThat(numbers.monteCarloPi(1_000_000, 42)).isEqualTo(pi);
    assertThat(numbers.monteCarloPi(1_000_000, 43).inside()).isNotEqualTo(pi.inside());
    assertThatThrownBy(() -> numbers.monteCarloPi(0, 1)).isInstanceOf(Reject.class);
  }

  @Test
  void anInterruptEndsAComputation() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> numbers.monteCarloPi(1_000, 1))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }
}
