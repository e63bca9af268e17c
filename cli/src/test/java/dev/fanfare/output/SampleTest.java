package dev.fanfare.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SampleTest {

  @Test
  void aPercentileIsAValueThatSoManyDoNotExceed() {
    var sample = new Sample();
    for (int i = 1000; i >= 1; i--) {
      sample.add(i);
    }
    assertThat(sample.percentile(0.50)).isEqualTo(500);
    assertThat(sample.percentile(0.99)).isEqualTo(990);
    assertThat(sample.percentile(0)).isEqualTo(1);
    assertThat(sample.percentile(1)).isEqualTo(1000);
  }

  @Test
  void anEmptySampleHasZeros() {
    assertThat(new Sample().percentile(0.5)).isZero();
  }
}
