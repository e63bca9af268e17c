package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizesTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "512k, 524288", "256m, 268435456", "2G, 2147483648", "1KiB, 1024"})
  void unitsArePowersOf1024(String text, long bytes) {
    assertThat(ByteSizes.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "k", "-1", "1.5m", "1t", "much", "1234567890123"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> ByteSizes.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"17179869185g", "999999999999g"})
  void sizesThatDoNotFitAreRefusedAndNotWrapped(String text) {
    assertThatThrownBy(() -> ByteSizes.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64 bits");
  }

  @Test
  void sizesAreShownInTheUnitThatFits() {
    assertThat(ByteSizes.format(1023)).isEqualTo("1023 B");
    assertThat(ByteSizes.format(1536)).isEqualTo("1.5 KiB");
    assertThat(ByteSizes.format(256L << 20)).isEqualTo("256 MiB");
  }
}
