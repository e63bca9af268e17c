package dev.fanfare.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0.00 ms",
    "0.000042, 0.04 ms",
    "0.00123, 1.23 ms",
    "0.0123, 12.3 ms",
    "0.123, 123 ms",
    "0.9996, 1.00 s",
    "12.34, 12.3 s",
    "75, 1m 15s",
    "3725, 1h 2m"
  })
  void durationsHaveThreeFiguresAndAUnit(double seconds, String text) {
    assertThat(Figures.seconds(seconds)).isEqualTo(text);
  }

  @Test
  void limitsAreWrittenAsTheyAreTyped() {
    assertThat(Figures.limit(DoubleNode.valueOf(60))).isEqualTo("1m");
    assertThat(Figures.limit(DoubleNode.valueOf(1.5))).isEqualTo("1500ms");
  }

  @Test
  void whatIsNotKnownIsADash() {
    assertThat(Figures.text(MissingNode.getInstance())).isEqualTo("-");
    assertThat(Figures.seconds(MissingNode.getInstance())).isEqualTo("-");
    assertThat(Figures.age(TextNode.valueOf("yesterday"), Instant.EPOCH)).isEqualTo("-");
  }

  @Test
  void agesGrowFromSecondsToDays() {
    Instant now = Instant.parse("2026-01-10T00:00:00Z");
    assertThat(Figures.age(TextNode.valueOf("2026-01-09T23:59:55Z"), now)).isEqualTo("5s ago");
    assertThat(Figures.age(TextNode.valueOf("2026-01-09T22:00:00Z"), now)).isEqualTo("2h ago");
    assertThat(Figures.age(TextNode.valueOf("2026-01-01T00:00:00Z"), now)).isEqualTo("9d ago");
  }

  @Test
  void escapesOfATerminalDoNotGetThrough() {
    assertThat(Figures.text(TextNode.valueOf("a\033[31mb"))).isEqualTo("a [31mb");
  }
}
