package dev.fanfare.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private final Histogram histogram = new Histogram();

  @Test
  void percentilesAreWithinTheWidthOfABucket() {
    for (int i = 1; i <= 10_000; i++) {
      histogram.add(i, 1);
    }

    assertThat(histogram.percentile(0.5)).isCloseTo(5_000, withPercentage(6));
    assertThat(histogram.percentile(0.99)).isCloseTo(9_900, withPercentage(6));
    assertThat(histogram.percentile(1)).isCloseTo(10_000, withPercentage(6));
  }

  @Test
  void nothingHasNoPercentiles() {
    assertThat(histogram.percentile(0.5)).isZero();
    assertThat(histogram.bars(10).counts()).isEmpty();
  }

  @Test
  void barsHoldEverything() {
    histogram.add(0, 3);
    histogram.add(1_000, 5);
    histogram.add(Long.MAX_VALUE / 4, 2);

    Histogram.Bars bars = histogram.bars(20);

    assertThat(bars.counts().length).isLessThanOrEqualTo(21);
    assertThat(Arrays.stream(bars.counts()).sum()).isEqualTo(10);
    assertThat(bars.from()).isLessThan(bars.to());
  }
}
