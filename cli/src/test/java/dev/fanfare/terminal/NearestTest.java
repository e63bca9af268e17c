package dev.fanfare.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> KNOWN = List.of("port", "host", "insecure", "tls-key");

  @Test
  void findsAWordWithTwoLettersSwapped() {
    assertThat(Nearest.of("prot", KNOWN)).contains("port");
  }

  @Test
  void findsAWordWithALetterMissing() {
    assertThat(Nearest.of("insecur", KNOWN)).contains("insecure");
  }

  @Test
  void findsAWordInAnotherCase() {
    assertThat(Nearest.of("Host", KNOWN)).contains("host");
  }

  @Test
  void findsNothingForAWordThatIsFarFromAll() {
    assertThat(Nearest.of("xylophone", KNOWN)).isEmpty();
    assertThat(Nearest.suggestion("xylophone", KNOWN)).isEmpty();
  }

  @Test
  void countsASwapOfNeighboursAsOneStep() {
    assertThat(Nearest.distance("abcd", "abdc")).isEqualTo(1);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
  }
}
