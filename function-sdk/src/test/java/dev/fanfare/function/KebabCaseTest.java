package dev.fanfare.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KebabCaseTest {
  @ParameterizedTest
  @CsvSource({
    "resize, resize",
    "resizeAll, resize-all",
    "HTTPGet, http-get",
    "getURL, get-url",
    "sha256Of, sha256-of",
    "x2Y, x2-y",
    "TOO_LATE, too-late",
    "_hidden__thing_, hidden-thing",
    "Outer$Inner, outer-inner",
    "A, a"
  })
  void humpsAndUnderscoresAreBorders(String java, String kebab) {
    assertThat(KebabCase.of(java)).isEqualTo(kebab);
  }
}
