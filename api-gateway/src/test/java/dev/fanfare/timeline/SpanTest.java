package dev.fanfare.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.timeline.Span.Phase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpanTest {
  @ParameterizedTest
  @CsvSource({
    "100, 110, 150, 20, 30, 210",
    "100, 90, 95, 0, 0, 105",
    "100, 110, 0, 0, 0, 120",
    "100, 200, 300, 500, 500, 150",
  })
  void phasesFollowOneAnotherWhateverTheClocksSay(
      long received, long submitted, long started, long cold, long run, long told) {
    var span = new Span(0, 1, "w", true, received, submitted, started, cold, run, told);

    long before = received;
    for (Phase phase : Phase.values()) {
      assertThat(span.begin(phase)).as(phase.label()).isEqualTo(before);
      assertThat(span.end(phase)).as(phase.label()).isGreaterThanOrEqualTo(before);
      before = span.end(phase);
    }
    assertThat(before).isGreaterThanOrEqualTo(received);
  }
}
